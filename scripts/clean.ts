// Empties dist/, so that a file deleted from src/ cannot be published.

import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });

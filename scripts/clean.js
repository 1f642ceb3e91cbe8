// Empties dist/, so that a file deleted from src/ cannot be published.
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });

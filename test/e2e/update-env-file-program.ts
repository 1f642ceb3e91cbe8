// Sets one value in the file named on the command line, as a process that can be killed.

import { updateEnvFile } from "../../src/cli/env-file/update-env-file.ts";

const [path = "", key = "", value = ""] = process.argv.slice(2);
try {
  await updateEnvFile(path, { [key]: value });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

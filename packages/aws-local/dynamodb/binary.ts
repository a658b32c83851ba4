import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the dynoxide program: in the npm package if the platform has one, else on the PATH.
 *
 * @throws Error that says what to install
 */
export function findDynoxide(path = process.env.PATH ?? ""): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const found = join(
      dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
      "dynoxide",
    );
    if (executable(found)) return found;
  } catch {
    // No package for this platform is installed.
  }
  for (const folder of path.split(delimiter)) {
    if (folder && executable(join(folder, "dynoxide"))) return join(folder, "dynoxide");
  }
  throw new Error(
    "dynoxide, the local DynamoDB, is not installed. Install it with Homebrew (brew install dynoxide) or cargo (cargo install dynoxide), so that `dynoxide` is on the PATH.",
  );
}

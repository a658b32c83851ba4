/** The version of the project, the commit of its clone, and the time of the build. */
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";

const GIT_MS = 5000;
const Package = z.object({ version: z.string() });

/** The commit is "unknown" in a copy that is not a clone, or without git. */
export async function releaseOf(root: string) {
  const manifest = await readFile(join(root, "package.json"), "utf8");
  const [commit, built] = await Promise.all([
    commitOf(root),
    stat(join(root, "packages/web/.next/BUILD_ID")).catch(() => undefined),
  ]);
  const { version } = Package.parse(JSON.parse(manifest));
  return { version, commit, time: (built?.mtime ?? new Date()).toISOString() };
}

async function commitOf(root: string): Promise<string> {
  const git = promisify(execFile);
  try {
    const options = { cwd: root, timeout: GIT_MS };
    const { stdout } = await git("git", ["rev-parse", "--show-prefix", "HEAD"], options);
    const [prefix, commit = ""] = stdout.split("\n");
    // A copy inside another clone has no commit of its own.
    return prefix === "" && /^[0-9a-f]{40,64}$/.test(commit) ? commit : "unknown";
  } catch {
    return "unknown";
  }
}

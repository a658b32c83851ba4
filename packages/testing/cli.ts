import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

interface Run {
  /** The path of the command's program. */
  command: string;
  args: readonly string[];
  dataDir: string;
  stdin?: string;
  /** More variables of its environment. */
  env?: Record<string, string>;
}

/** Runs a command of the stack as a shell does, without the environment of the tests. */
export async function runCommand({ command, args, dataDir, stdin = "", env: more }: Run) {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  const paths = { PATH, NODE_COMPILE_CACHE, RUSHES_DATA_DIR: dataDir };
  const env = { NODE_ENV: "test" as const, ...paths, ...more };
  const child = spawn(process.execPath, [command, ...args], { env, stdio: "pipe" });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const [out, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, said, code };
}

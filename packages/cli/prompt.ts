import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "./exit.ts";

/** Asks on the terminal. With `secret`, nothing that is typed appears. */
export async function ask(question: string, { secret = false } = {}): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError("There is no terminal to ask on. Give --url and --token.");
  }
  process.stderr.write(`${question} `);
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: secret ? hidden : process.stderr,
    terminal: true,
  });
  try {
    return (await lines.question("")).trim();
  } finally {
    lines.close();
    if (secret) process.stderr.write("\n");
  }
}

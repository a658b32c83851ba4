/**
 * `npm run dlq -- list [QUEUE]` shows what could not be handled and why; `npm run dlq -- redrive [QUEUE]`
 * sends it to where it came from. Without a queue: all of them.
 */
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { readRun } from "../run.ts";
import { loadSettings } from "../settings/index.ts";
import { ROOT, runCommand } from "./command.ts";

const USAGE = "Say what to do: npm run dlq -- list [QUEUE], or npm run dlq -- redrive [QUEUE].";

const Letters = z.array(
  z.object({
    id: z.string(),
    queue: z.string(),
    error: z.string(),
    attempts: z.number(),
    time: z.string(),
    payload: z.unknown(),
  }),
);
const Redriven = z.object({ redriven: z.number() });

async function ask(path: string, body?: unknown): Promise<unknown> {
  const { control } = await readRun((await loadSettings(ROOT)).dataDir);
  const answer = await fetch(new URL(path, control.url), {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${control.token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new CliError(`Rushes answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function main([verb, queue, ...more]: string[]): Promise<string> {
  if (more.length > 0) throw new CliError(USAGE);
  switch (verb) {
    case "list": {
      const query = queue === undefined ? "" : `?queue=${encodeURIComponent(queue)}`;
      const letters = Letters.parse(await ask(`/dead-letters${query}`));
      if (letters.length === 0) return "No failed messages.";
      return letters
        .map(({ queue: from, time, attempts, error, payload }) =>
          [
            `${from}  ${time}  after ${attempts} ${attempts === 1 ? "try" : "tries"}`,
            `  ${error}`,
            `  ${JSON.stringify(payload).slice(0, 300)}`,
          ].join("\n"),
        )
        .join("\n\n");
    }
    case "redrive": {
      const { redriven } = Redriven.parse(await ask("/dead-letters/redrive", { queue }));
      return `${redriven} sent again.`;
    }
    default:
      throw new CliError(USAGE);
  }
}

await runCommand(async () => {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
});

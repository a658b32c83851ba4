/**
 * `npm run dlq -- list [QUEUE]` lists the dead-letter messages and their errors. `npm run dlq -- redrive [QUEUE]` sends
 * them again. Without a queue, they apply to all queues.
 */
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { readRun } from "../run.ts";
import { loadSettings } from "../settings/index.ts";
import { ROOT, runCommand } from "./command.ts";

const USAGE = "Usage: npm run dlq -- list [QUEUE], or npm run dlq -- redrive [QUEUE].";

const Messages = z.array(
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

async function call(path: string, body?: unknown): Promise<unknown> {
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
      const messages = Messages.parse(await call(`/dead-letters${query}`));
      if (messages.length === 0) return "No failed messages.";
      return messages
        .map(({ queue: from, time, attempts, error, payload }) =>
          [
            `${from}  ${time}  after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`,
            `  ${error}`,
            `  ${JSON.stringify(payload).slice(0, 300)}`,
          ].join("\n"),
        )
        .join("\n\n");
    }
    case "redrive": {
      const { redriven } = Redriven.parse(await call("/dead-letters/redrive", { queue }));
      return `Sent ${redriven} ${redriven === 1 ? "message" : "messages"} again.`;
    }
    default:
      throw new CliError(USAGE);
  }
}

await runCommand(async () => {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
});

/**
 * `npm run ci:quiet -- --stage STAGE --since TIME --minutes N`: waits, and fails as soon as an alarm of the
 * stage has begun to ring since then. One that rang before does not count: the commit may be what mends it.
 */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";

const BETWEEN_MS = 30_000;

/** An alarm of CloudWatch that rings, as `aws cloudwatch describe-alarms` has it. */
export interface Ringing {
  AlarmName: string;
  AlarmDescription?: string;
  StateTransitionedTimestamp: string;
}

/** Those that began to ring at `since` or later. */
export const fired = (ringing: Ringing[], since: Date): Ringing[] =>
  ringing.filter(({ StateTransitionedTimestamp }) => new Date(StateTransitionedTimestamp) >= since);

/** Resolves when nothing began to ring for as many looks. @throws as soon as something did */
export async function quiet(options: {
  look: () => Promise<Ringing[]>;
  since: Date;
  looks: number;
  wait: () => Promise<unknown>;
}): Promise<void> {
  for (let looked = 0; ; looked += 1) {
    const alarms = fired(await options.look(), options.since);
    if (alarms.length > 0) {
      const said = alarms.map(({ AlarmName, AlarmDescription }) =>
        [AlarmName, AlarmDescription].filter(Boolean).join(": "),
      );
      throw new Error(`The delivery stops, for an alarm rings:\n${said.join("\n")}`);
    }
    if (looked >= options.looks) return;
    await options.wait();
  }
}

async function ringing(stage: string): Promise<Ringing[]> {
  // Names of alarms begin with app and stage: infra/watch.ts.
  const question = [
    ...["cloudwatch", "describe-alarms", "--alarm-name-prefix", `rushes-${stage}-`],
    ...["--state-value", "ALARM", "--query", "MetricAlarms", "--output", "json"],
  ];
  const { stdout } = await promisify(execFile)("aws", question);
  // AWS's own answer, in the shape that the command's reference gives.
  return JSON.parse(stdout) as Ringing[];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      stage: { type: "string" },
      since: { type: "string" },
      minutes: { type: "string", default: "10" },
    },
  });
  const { stage } = values;
  const since = new Date(values.since ?? Number.NaN);
  const looks = (Number(values.minutes) * 60_000) / BETWEEN_MS;
  if (!stage || Number.isNaN(since.getTime()) || !(looks >= 0)) {
    throw new Error("Say --stage, --since (a time, like 2026-11-23T05:00:00Z) and --minutes.");
  }
  await quiet({ look: () => ringing(stage), since, looks, wait: () => pause(BETWEEN_MS) });
  process.stderr.write(`No alarm of ${stage} began to ring in ${values.minutes} minutes.\n`);
}

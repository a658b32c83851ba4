/**
 * `npm run ci:quiet -- --stage STAGE --since TIME --minutes N`: waits, and fails as soon as an alarm of the stage
 * starts to fire. An alarm that was already firing does not count, because the commit may be the fix.
 */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import * as z from "zod";

const POLL_MS = 30_000;

/** An alarm in the state ALARM, as `aws cloudwatch describe-alarms` returns it. */
const Alarms = z.array(
  z.object({
    AlarmName: z.string(),
    AlarmDescription: z.string().optional(),
    StateTransitionedTimestamp: z.string(),
  }),
);
export type Alarm = z.infer<typeof Alarms>[number];

/** The alarms that started to fire at `since` or later. */
const firedSince = (alarms: Alarm[], since: Date): Alarm[] =>
  alarms.filter(({ StateTransitionedTimestamp }) => new Date(StateTransitionedTimestamp) >= since);

/** Polls once and then `repeats` times. Throws when an alarm has started to fire since `since`. */
export async function quiet(options: {
  firing: () => Promise<Alarm[]>;
  since: Date;
  repeats: number;
  wait: () => Promise<unknown>;
}): Promise<void> {
  for (let repeat = 0; ; repeat += 1) {
    const alarms = firedSince(await options.firing(), options.since);
    if (alarms.length > 0) {
      const lines = alarms.map(({ AlarmName, AlarmDescription }) =>
        [AlarmName, AlarmDescription].filter(Boolean).join(": "),
      );
      throw new Error(`The delivery stops because an alarm fires:\n${lines.join("\n")}`);
    }
    if (repeat >= options.repeats) return;
    await options.wait();
  }
}

async function firingAlarms(stage: string): Promise<Alarm[]> {
  const query = ["--state-value", "ALARM", "--query", "MetricAlarms", "--output", "json"];
  // infra/watch.ts gives the alarms of a stage this prefix.
  const prefix = ["--alarm-name-prefix", `rushes-${stage}-`];
  const args = ["cloudwatch", "describe-alarms", ...prefix, ...query];
  const { stdout } = await promisify(execFile)("aws", args);
  return Alarms.parse(JSON.parse(stdout));
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
  const repeats = (Number(values.minutes) * 60_000) / POLL_MS;
  if (!stage || Number.isNaN(since.getTime()) || !(repeats >= 0)) {
    throw new Error("Give --stage, --since (a time, like 2026-11-23T05:00:00Z) and --minutes.");
  }
  const firing = () => firingAlarms(stage);
  await quiet({ firing, since, repeats, wait: () => pause(POLL_MS) });
  process.stderr.write(`No alarm of ${stage} started to fire within ${values.minutes} minutes.\n`);
}

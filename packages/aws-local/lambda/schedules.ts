import type { ScheduleWiring } from "@rushes/core/wiring";
import { scheduledEvent } from "./bus-event.ts";
import type { Invocations } from "./invocations.ts";

/** A schedule runs soon after the start, so that work that a crash left open continues. */
const FIRST_RUN_MS = 1000;

interface SchedulesOptions {
  invocations: Invocations;
  region: string;
  onLog?(line: string): void;
}

/** Starts the timers of all schedules. Returns a function that stops them. */
export function startSchedules(
  schedules: ScheduleWiring[],
  { invocations, region, onLog }: SchedulesOptions,
): () => void {
  const run = ({ name, function: target }: ScheduleWiring) => {
    // A second run beside the first would find the same work.
    if (invocations.isBusy(target)) return;
    invocations
      .add([{ function: target, payload: scheduledEvent(name, region) }])
      .catch((error) => onLog?.(`schedule ${name}: ${String(error)}`));
  };
  const timers = schedules.flatMap((schedule) => [
    setTimeout(() => run(schedule), FIRST_RUN_MS),
    setInterval(() => run(schedule), schedule.everySeconds * 1000),
  ]);
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

import type { Event } from "@rushes/core/job/schema";
import { cx } from "../../components/ui/class.ts";
import { formatMoment } from "../../lib/format.ts";
import { formatClock } from "../../lib/technical-format.ts";
import { type Step, timelineView } from "./timeline-view.ts";

const DOTS: Record<Step["tone"], string> = {
  step: "bg-control",
  ok: "bg-ok",
  danger: "bg-danger",
};

function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol className="relative space-y-3.5 before:absolute before:top-2 before:bottom-2 before:left-[0.3125rem] before:w-px before:bg-line">
      {steps.map((step) => (
        <li key={step.id} className="relative flex gap-3 pl-6">
          <span
            aria-hidden="true"
            className={cx(
              "absolute top-1.5 left-0 size-2.75 rounded-full ring-4 ring-paper",
              DOTS[step.tone],
            )}
          />
          <div className="min-w-0 grow">
            <p className="text-sm leading-snug font-medium">{step.sentence}</p>
            {step.after ? <p className="text-xs text-muted">{step.after} later</p> : null}
          </div>
          <time
            dateTime={step.time}
            title={formatMoment(step.time)}
            className="shrink-0 pt-px font-mono text-xs text-muted tabular-nums"
          >
            {formatClock(step.time)}
          </time>
        </li>
      ))}
    </ol>
  );
}

/** The timeline of a job, from the first byte to the delivered mail. */
export function Timeline({ events }: { events: readonly Event[] }) {
  const { attempts, total } = timelineView(events);
  const first = attempts[0]?.steps[0];
  return (
    <section aria-labelledby="timeline" className="space-y-4">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="timeline" className="text-lg font-semibold">
          Timeline
        </h2>
        {total ? <p className="text-sm text-muted">{total} total</p> : null}
      </div>
      {first ? <p className="text-sm text-muted">{formatMoment(first.time)}</p> : null}
      {attempts.map(({ attempt, steps }) => (
        <div key={attempt} className="space-y-3">
          {attempts.length > 1 ? (
            <h3 className="text-sm font-semibold text-muted">Attempt {attempt}</h3>
          ) : null}
          <Steps steps={steps} />
        </div>
      ))}
    </section>
  );
}

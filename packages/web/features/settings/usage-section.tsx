import type { Info as Usage } from "@rushes/core/usage/schema";
import { Progress } from "../../components/ui/progress.tsx";
import { Section } from "../../components/ui/section.tsx";
import { usageView } from "./usage-view.ts";

/** Storage and uploads, with their limits. */
export function UsageSection({ usage }: { usage: Usage }) {
  return (
    <Section id="usage" title="Usage" about="Source files, captions and chosen posters count.">
      <div className="grid gap-x-10 gap-y-5 rounded-frame border border-line bg-surface px-4 py-4 sm:grid-cols-2 sm:px-5">
        {usageView(usage).map((meter) => (
          <div key={meter.name} className="space-y-1.5">
            <p className="flex flex-wrap justify-between gap-x-4 text-sm">
              <span className="text-muted">{meter.name}</span>
              <span className="font-medium tabular-nums">{meter.text}</span>
            </p>
            {meter.percent === undefined ? null : (
              <Progress label={meter.name} value={meter.percent} />
            )}
            {meter.hint ? <p className="text-sm text-danger">{meter.hint}</p> : null}
          </div>
        ))}
      </div>
    </Section>
  );
}

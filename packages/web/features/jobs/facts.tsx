import type { ReactNode } from "react";

export type Fact = {
  name: string;
  value: ReactNode;
  /** True for a value that can be long. It has a row of its own. */
  wide?: boolean;
};
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3.5 sm:grid-cols-3 lg:grid-cols-4">
      {facts.map((fact) => (
        <div key={fact.name} className={fact.wide ? "col-span-full" : "min-w-0"}>
          <dt className="text-xs text-muted">{fact.name}</dt>
          <dd className="text-sm font-medium tabular-nums">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

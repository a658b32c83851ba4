import type { ReactNode } from "react";

type Props = {
  id: string;
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};
export function Section({ id, title, about, actions, children }: Props) {
  return (
    <section aria-labelledby={id} className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="max-w-2xl">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          {about ? <p className="text-sm text-muted">{about}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-frame border border-line bg-surface"
    >
      {children}
    </ul>
  );
}
export function RowItem({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-48 flex-1">{children}</div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </li>
  );
}

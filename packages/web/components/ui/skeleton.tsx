import { cx } from "./class.ts";

/** A placeholder for loading content. The region around it announces it to screen readers. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx("skeleton", className)} />;
}

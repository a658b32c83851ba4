import { cx } from "./class.ts";

/** A quiet stand-in of what is still loading. The region around it says so to screen readers. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx("skeleton", className)} />;
}

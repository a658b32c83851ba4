import type { ReactNode } from "react";
import { cx } from "./class.ts";

type Props = {
  title: string;
  tone?: "neutral" | "danger" | "ok";
  actions?: ReactNode;
  children?: ReactNode;
  /** `alert` is announced at once. Omit it for notices that are on the page from the start. */
  role?: "alert" | "status";
};

const TONES = {
  neutral: "border-line bg-surface",
  danger: "border-danger/40 bg-danger-soft",
  ok: "border-ok/40 bg-ok-soft",
};
export function Notice({ title, tone = "neutral", actions, children, role }: Props) {
  return (
    <div role={role} className={cx("rounded-frame border px-4 py-3.5 sm:px-5", TONES[tone])}>
      <p className={cx("font-semibold", tone === "danger" && "text-danger")}>{title}</p>
      {children ? <div className="mt-1 text-sm text-ink">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}

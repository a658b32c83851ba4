import type { ReactNode } from "react";
import { cx } from "./class.ts";

export type BadgeTone = "neutral" | "accent" | "ok" | "danger";

const TONES: Record<BadgeTone, string> = {
  neutral: "bg-sunken text-ink",
  accent: "bg-accent-soft text-accent-strong",
  ok: "bg-ok-soft text-ok",
  danger: "bg-danger-soft text-danger",
};

/** A short label for a state. The word carries the meaning, and the color only supports it. */
export function Badge({ tone = "neutral", children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-semibold",
        TONES[tone],
      )}
    >
      <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />
      {children}
    </span>
  );
}

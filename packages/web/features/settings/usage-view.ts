import { formatBytes, formatNumber } from "@rushes/core/format";
import type { Info as Usage } from "@rushes/core/usage/schema";

/** One measured quantity and its limit. */
export type Meter = {
  name: string;
  /** The value as text. */
  text: string;
  /** 0 to 100; undefined without a limit. */
  percent?: number | undefined;
  /** What to do if little or nothing is left. */
  hint?: string | undefined;
};

const NEARLY = 90;

function percent(used: number, of: number): number {
  return Math.min(100, Math.floor((used / of) * 100));
}

/** The usage of an owner, with its limits. */
export function usageView(usage: Usage): Meter[] {
  return [storage(usage), uploads(usage)];
}

function storage({ bytes, reservedBytes, maxBytes }: Usage): Meter {
  const name = "Sources";
  const parts =
    reservedBytes > 0
      ? ` (${formatBytes(Math.max(0, bytes - reservedBytes))} stored, ${formatBytes(reservedBytes)} reserved by uploads)`
      : "";
  if (maxBytes === 0) return { name, text: `${formatBytes(bytes)}${parts} (no limit)` };
  const share = percent(bytes, maxBytes);
  const text = `${formatBytes(bytes)}${parts} of ${formatBytes(maxBytes)}, ${share} %`;
  const hint =
    bytes >= maxBytes
      ? "Storage is full. Delete videos to upload more."
      : share >= NEARLY
        ? "Storage is almost full. Delete videos that you no longer need."
        : undefined;
  return { name, text, percent: share, hint };
}

function uploads({ openUploads, maxOpenUploads }: Usage): Meter {
  const full = openUploads >= maxOpenUploads;
  return {
    name: "Active uploads",
    text: `${formatNumber(openUploads)} of ${formatNumber(maxOpenUploads)} at once`,
    percent: percent(openUploads, maxOpenUploads),
    hint: full ? "Wait until some finish, or cancel them, before you start more." : undefined,
  };
}

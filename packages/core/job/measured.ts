import type { Sort } from "./sort.ts";

/** The orders that have rows of their own. */
export const MEASURES = ["length", "size"] as const satisfies Sort[];
export type Measure = (typeof MEASURES)[number];

/** Whether an order has rows of its own. */
export function isMeasure(sort: Sort): sort is Measure {
  return MEASURES.some((one) => one === sort);
}

interface Measured {
  source: { sizeBytes: number; media?: { durationSeconds: number } | undefined };
}

/** What an order by length or size compares: milliseconds or bytes. The length is 0 until it is known. */
export function measureOf({ source }: Measured, by: Measure): number {
  return by === "size" ? source.sizeBytes : Math.round((source.media?.durationSeconds ?? 0) * 1000);
}

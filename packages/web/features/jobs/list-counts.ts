/** How many videos have each status, in the options of the list's filter. The filter loads it with the first use. */
import { formatNumber } from "@rushes/core/format";
import type { Status } from "@rushes/core/job/status";
import { call } from "../../lib/api-client/call.ts";

type Counts = { statuses: Record<Status, number>; most: number };

/** Counts within this time are not requested again. */
const FRESH_MS = 5_000;

let shown: { field: HTMLSelectElement; owner: string | undefined; atMs: number } | undefined;

/** `Failed (3)`, or `Ready (1,000+)` if the server stopped counting. */
function labelWithCount(label: string, count: number, most: number): string {
  return `${label} (${formatNumber(count)}${count >= most ? "+" : ""})`;
}

/**
 * Requests the counts, and adds them to the options of the list's form. Sets only their labels, because React owns their
 * texts. Without a response, the options stay as they are.
 */
export async function showCounts(
  form: HTMLFormElement | null,
  owner: string | undefined,
): Promise<void> {
  const field = form?.elements.namedItem("status");
  if (!(field instanceof HTMLSelectElement)) return;
  const nowMs = Date.now();
  if (shown?.field === field && shown.owner === owner && nowMs - shown.atMs < FRESH_MS) return;
  shown = { field, owner, atMs: nowMs };
  const query = owner === undefined ? "" : `?${new URLSearchParams({ owner })}`;
  let counts: Counts;
  try {
    counts = await call<Counts>(`/jobs/counts${query}`);
  } catch {
    shown = undefined;
    return;
  }
  for (const option of field.options) {
    const count = counts.statuses[option.value as Status]; // Undefined for "All statuses".
    if (count !== undefined) option.label = labelWithCount(option.text, count, counts.most);
  }
}

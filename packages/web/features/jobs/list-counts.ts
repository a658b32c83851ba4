/**
 * How many videos have each status and each tag, in the options of the list's filters. They load it with the first use.
 */
import { formatNumber } from "@rushes/core/format";
import type { Status } from "@rushes/core/job/status";
import { foldTag } from "@rushes/core/search/words";
import { call } from "../../lib/api-client/call.ts";

type Counts = {
  statuses: Record<Status, number>;
  tags: { tag: string; count: number }[];
  most: number;
};

/** Counts within this time are not requested again. */
const FRESH_MS = 5_000;

let shown: { field: HTMLSelectElement; owner: string | undefined; atMs: number } | undefined;

/** `Failed (3)`, or `Ready (1,000+)` if the server stopped counting. */
function labelWithCount(label: string, count: number, most: number): string {
  return `${label} (${formatNumber(count)}${count >= most ? "+" : ""})`;
}

/**
 * Requests the counts, and adds them to the options of the list's form. Sets only the labels of the statuses, because
 * React owns their texts. Without a response, the options stay as they are.
 */
export async function showCounts(
  form: HTMLFormElement | null,
  owner: string | undefined,
): Promise<void> {
  const field = form?.elements.namedItem("status");
  const tag = form?.elements.namedItem("tag");
  if (!(field instanceof HTMLSelectElement && tag instanceof HTMLSelectElement)) return;
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
  showTags(tag, counts.tags);
}

/** Replaces the options behind "All tags". The chosen tag stays an option, in the spelling of the URL. */
function showTags(field: HTMLSelectElement, tags: Counts["tags"]): void {
  const { value } = field;
  const chosen = foldTag(value);
  const others = tags.filter(({ tag }) => foldTag(tag) !== chosen);
  const { count = 0 } = tags.find(({ tag }) => foldTag(tag) === chosen) ?? {};
  const all = value === "" ? others : [...others, { tag: value, count }];
  const options = all
    .toSorted((a, b) => a.tag.localeCompare(b.tag))
    .map(({ tag, count }) => new Option(`${tag} (${formatNumber(count)})`, tag));
  const labels = (some: Iterable<HTMLOptionElement>) =>
    [...some].map(({ text }) => text).join("\n");
  // A list that is open keeps its place.
  if (labels(options) === labels([...field.options].slice(1))) return;
  field.length = 1;
  for (const option of options) field.add(option);
  field.value = value;
}

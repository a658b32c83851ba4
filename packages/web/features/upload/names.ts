import { oneLine } from "@rushes/core/one-line";

/** The most characters of a name in a sentence or a label. File systems allow 255. */
const MOST = 60;
/** Enough for an extension, and for the number of a take before it. */
const END = 16;
/** The most names that a sentence lists before it counts the others. */
const NAMED = 3;

/** A name for sentences and labels: on one line, and without its middle if it is long. */
export function shortName(name: string): string {
  const characters = Array.from(oneLine(name));
  if (characters.length <= MOST) return characters.join("");
  const start = characters.slice(0, MOST - END - 1).join("");
  return `${start}…${characters.slice(-END).join("")}`;
}

/** Names in a sentence, of which only the first are listed. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  const named = names.slice(0, NAMED).map(shortName).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}

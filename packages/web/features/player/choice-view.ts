import { sizeName } from "@rushes/core/rendition/size-name";
import type { OfferId } from "./offers.ts";

export type Choice = { id: OfferId; width?: number | undefined; height?: number | undefined };

export const ORIGINAL = "Original, still encoding";

/** The name of a choice: the true size of a file. */
export function choiceName({ id, width, height }: Choice): string {
  if (id === "original") return ORIGINAL;
  return width && height ? sizeName({ width, height }) : id;
}

/** Each size once: of several files, the one that plays, or else the first. */
export function distinctChoices(choices: readonly Choice[], playing: OfferId): Choice[] {
  const names = new Map<string, Choice>();
  for (const choice of choices) {
    const name = choiceName(choice);
    if (choice.id === playing || !names.has(name)) names.set(name, choice);
  }
  return [...names.values()];
}

import * as z from "zod";
import { CaptionsId } from "../id.ts";

/** Longer than the captions of any video. AWS passes at most one megabyte of a request's body to the app. */
export const MAX_BYTES = 1_000_000;
/** The most captions of one video. */
export const MOST = 50;

/** A BCP 47 tag that names a language, such as `en`, `pt-BR` or `zh-Hant`. */
export const Language = z
  .string()
  .max(35)
  .refine((tag) => canonical(tag) !== undefined, {
    error: "is no language tag; write it like en or pt-BR",
  });

/** A tag as BCP 47 spells it: `pt-br` is `pt-BR`. Undefined if it is not one. */
export function canonical(tag: string): string | undefined {
  // Without a list of languages, a word such as `english` would be valid.
  if (!/^[a-z]{2,3}(-|$)/i.test(tag)) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** The name of a language in that language, such as `Deutsch`. */
export function nameOf(language: string): string {
  if (language === "und") return "Captions";
  return new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
}

const Name = z.string().trim().min(1).max(100);

/** The input for new captions. */
export const New = z.object({
  language: Language,
  /** What the player's menu shows. Without it, the name of the language in that language. */
  name: Name.optional(),
});
export type New = z.infer<typeof New>;

export const Changes = z.object({ language: Language.optional(), name: Name.optional() });
export type Changes = z.infer<typeof Changes>;

/** Captions that a person added to a video. */
export const Info = z.object({
  id: CaptionsId,
  /** BCP 47, in its canonical form. */
  language: z.string(),
  name: z.string(),
  /** How many cues the file has. */
  cues: z.number().int().positive(),
  /** Of the WebVTT file that Rushes stores. */
  sizeBytes: z.number().int().positive(),
  time: z.object({ created: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;

/** Captions as the video's page shows them. */
export const Listed = Info.extend({
  /** Downloads the WebVTT file. Valid for ten to fifteen minutes. */
  downloadUrl: z.url(),
});
export type Listed = z.infer<typeof Listed>;

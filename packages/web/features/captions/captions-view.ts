import type { Listed } from "@rushes/core/captions/schema";
import { formatNumber } from "@rushes/core/format";
import { languageName } from "@rushes/core/language";

/** The languages that the form offers, as BCP 47 tags. The API accepts every tag. */
const LANGUAGES =
  "af am ar az be bg bn bs ca cs cy da de el en en-AU en-GB en-US es es-419 es-ES et eu fa fi fil fr fr-CA ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl nn pa pl pt pt-BR pt-PT ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh-Hans zh-Hant zu".split(
    " ",
  );

const nameOf = (tag: string) => languageName(tag) ?? tag;

/** The options of a select, by name. They include `current`, whatever it is. */
export function languageOptions(current: string): { value: string; label: string }[] {
  return [...new Set([...LANGUAGES, current])]
    .map((value) => ({ value, label: nameOf(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));
}

/** The language of a file by its name, such as `clip.pt-BR.srt`. Otherwise `fallback`, or English. */
export function guessLanguage(fileName: string, fallback: string): string {
  const parts = fileName.split(/[._\s-]+(?=[^._\s-]*$)|\./).slice(0, -1);
  const known = (tag: string) =>
    LANGUAGES.find((one) => one.toLowerCase() === tag.toLowerCase().replace("_", "-"));
  const found = parts
    .reverse()
    .map(known)
    .find((tag) => tag !== undefined);
  return found ?? known(fallback) ?? known(fallback.replace(/-.*/, "")) ?? "en";
}

/** The facts about captions that their row shows. */
export function captionsFacts({ language, cues }: Pick<Listed, "language" | "cues">): string[] {
  return [nameOf(language), cues === 1 ? "1 caption" : `${formatNumber(cues)} captions`];
}

/** Languages of tracks. Safe in the browser. */

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** A language as people read it, such as `German`. Undefined if it has no name. */
export function languageName(tag: string): string | undefined {
  return names.of(tag);
}

/**
 * The BCP 47 tag of a track's language code, such as `de` for `deu` and `ger`. Undefined for codes that name no
 * language, such as `und`.
 */
export function languageTag(code: string | undefined): string | undefined {
  if (code === undefined || !/^[a-z]{2,3}$/i.test(code)) return undefined;
  const [tag] = Intl.getCanonicalLocales(code);
  return tag === undefined || NO_LANGUAGE.has(tag) || !languageName(tag) ? undefined : tag;
}

/** ISO 639's codes for several languages and for none. */
const NO_LANGUAGE = new Set(["mul", "mis", "und", "zxx"]);

/**
 * A name inside a sentence, kept apart from its direction: a name in Hebrew or Arabic must not turn the
 * words around it. Where there is markup, `<bdi>` does the same.
 */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

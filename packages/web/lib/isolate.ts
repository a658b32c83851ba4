/**
 * Isolates the text direction of a name inside a sentence: a name in Hebrew or Arabic must not reorder the words
 * next to it. In markup, `<bdi>` does the same.
 */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

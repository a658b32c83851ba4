/**
 * Text from a file or its name on one line: without control characters, and without those that change the direction of
 * the text after them, which could show `gpj.mp4` as `4pm.jpg`.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .trim();
}

/** What a person can mend or must know; it is shown as it is, without a stack. */
export class Sentence extends Error {}

/** What an error says, with the cause that fetch hides in it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}

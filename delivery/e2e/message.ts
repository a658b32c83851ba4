/** The message of an error, or that of its cause: fetch puts the reason there. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}

export const firstLine = (error: unknown): string => messageOf(error).split("\n")[0] ?? "";

import { mediaUrl } from "../media.ts";
import { failureSentence } from "./failure.ts";
import { playing } from "./playing.ts";
import type { Row } from "./row.ts";
import { Info, type Listed } from "./schema.ts";
import { warningSentence } from "./warning.ts";

/** A row as the API shows it, with a short-lived address of its poster. */
export function listed(row: Row): Listed {
  const { posterKey } = playing(row);
  return {
    ...Info.parse(row),
    ...(posterKey !== undefined && { posterUrl: mediaUrl({ key: posterKey }).url }),
    ...(row.failure && { failureMessage: failureSentence(row.failure) }),
    ...(row.warnings && { warningMessages: row.warnings.map(warningSentence) }),
  };
}

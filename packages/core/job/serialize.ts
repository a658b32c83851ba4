import { pictureUrl, signPictures } from "../media.ts";
import { warningSentence } from "../source/warning.ts";
import { failureSentence } from "./failure.ts";
import { posterKeyOf } from "./playing.ts";
import type { Row } from "./row.ts";
import { Info, type Listed } from "./schema.ts";

/** Rows as the API returns them. The URLs of their posters are signed together. */
export async function listedAll(rows: readonly Row[]): Promise<Listed[]> {
  await signPictures(rows.flatMap((row) => posterKeyOf(row) ?? []));
  return rows.map(listed);
}

/** A row as the API returns it, with a short-lived signed URL of its poster. */
export function listed(row: Row): Listed {
  const posterKey = posterKeyOf(row);
  return {
    ...Info.parse(row),
    posterUrl: posterKey === undefined ? undefined : pictureUrl(posterKey),
    failureMessage: row.failure && failureSentence(row.failure),
    warningMessages: row.warnings?.map(warningSentence),
  };
}

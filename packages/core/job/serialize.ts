import { resource } from "../resource.ts";
import { readUrl } from "../storage.ts";
import { failureSentence } from "./failure.ts";
import type { Row } from "./row.ts";
import { Info, type Listed } from "./schema.ts";

/** A row as the API shows it, with a short-lived address of its poster. */
export async function listed(row: Row): Promise<Listed> {
  const poster =
    row.posterKey === undefined
      ? undefined
      : await readUrl({ bucket: resource().Renditions.name, key: row.posterKey });
  return {
    ...Info.parse(row),
    ...(poster && { posterUrl: poster.url }),
    ...(row.failure && { failureMessage: failureSentence(row.failure) }),
  };
}

import { formatBytes as bytes } from "@rushes/core/format";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { shortName } from "./names.ts";
import { percent } from "./view.ts";

/** The content of the row of an unfinished upload. */
export interface UnfinishedRow {
  /** How much has arrived, and when the upload expires. */
  facts: string[];
  /** 0 to 100. */
  bar: number;
}

/** @param arrivedBytes undefined while it is not known. */
export function unfinishedRow(upload: Upload, arrivedBytes: number | undefined): UnfinishedRow {
  const size = bytes(upload.sizeBytes);
  const expires = `Expires ${formatMoment(upload.time.expires)}`;
  if (arrivedBytes === undefined) return { facts: [size, expires], bar: 0 };
  return {
    facts: [`${bytes(arrivedBytes)} of ${size} uploaded`, expires],
    bar: percent(arrivedBytes, upload.sizeBytes),
  };
}

/** The row of an upload that another tab sends. */
export function elsewhereRow(upload: Upload, sentBytes: number | undefined): UnfinishedRow {
  const size = bytes(upload.sizeBytes);
  const sent = sentBytes === undefined ? size : `${bytes(sentBytes)} of ${size}`;
  return {
    facts: [sent, "Uploading in another tab"],
    bar: percent(sentBytes ?? 0, upload.sizeBytes),
  };
}

/** Why this file cannot continue the upload. Undefined if it can: then its bytes are compared before any is skipped. */
export function otherFileSentence(upload: Upload, file: File): string | undefined {
  if (file.size === upload.sizeBytes) return undefined;
  const name = isolate(shortName(file.name));
  return `${name} is another file: it has ${bytes(file.size)}, and this upload has ${bytes(upload.sizeBytes)}.`;
}

/** Rows as JSON behind a checksum: `~`, eight hex digits of CRC-32, the JSON. */
import { crc32 } from "node:zlib";

/** A row whose bytes are not those that were written. */
export class RowError extends Error {
  constructor() {
    super("A row of the database is damaged; npm run verify says which files are.");
    this.name = "RowError";
  }
}

const MARK = "~";
const HEAD = MARK.length + 8;
const sum = (json: string) => crc32(json).toString(16).padStart(8, "0");

/** Whether a row was written before rows had checksums. */
export const isUnmarked = (text: string) => !text.startsWith(MARK);

export const encodeRow = (row: unknown): string => {
  const json = JSON.stringify(row);
  return `${MARK}${sum(json)}${json}`;
};

/** Also reads rows from before. @throws RowError */
export function decodeRow<Row>(text: string): Row {
  if (isUnmarked(text)) return JSON.parse(text);
  const json = text.slice(HEAD);
  if (sum(json) !== text.slice(MARK.length, HEAD)) throw new RowError();
  return JSON.parse(json);
}

/** For LevelDB. What a row looks like is known to its database's one writer. */
export const checkedJson = <Row>() => ({
  ...{ name: "checked-json", format: "utf8" as const },
  encode: (row: Row) => encodeRow(row),
  decode: (text: string) => decodeRow<Row>(text),
});

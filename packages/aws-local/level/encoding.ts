/** Rows as JSON with a checksum before it: `~`, eight hex digits of CRC-32, the JSON. */
import { crc32 } from "node:zlib";

/** Thrown for a row that does not match its checksum. */
class RowError extends Error {
  constructor() {
    super("A row of the database is damaged; npm run verify lists the damaged files.");
    this.name = "RowError";
  }
}

const MARK = "~";
const HEAD = MARK.length + 8;
const sum = (json: string) => crc32(json).toString(16).padStart(8, "0");

/** Whether a row was written before rows had checksums. */
export const isUnmarked = (text: string) => !text.startsWith(MARK);

const encodeRow = (row: unknown): string => {
  const json = JSON.stringify(row);
  return `${MARK}${sum(json)}${json}`;
};

/** Also decodes rows without a checksum. @throws RowError */
export function decodeRow<Row>(text: string): Row {
  if (isUnmarked(text)) return JSON.parse(text);
  const json = text.slice(HEAD);
  if (sum(json) !== text.slice(MARK.length, HEAD)) throw new RowError();
  return JSON.parse(json);
}

/** The encoding for LevelDB. Only the one writer of a database knows the type of its rows. */
export const checkedJson = <Row>() => ({
  name: "checked-json",
  format: "utf8" as const,
  encode: (row: Row) => encodeRow(row),
  decode: (text: string) => decodeRow<Row>(text),
});

import { parse, type Row } from "../job/row.ts";
import { isFailed } from "../job/status.ts";
import * as Profiles from "../profiles.ts";
import * as Table from "../table/index.ts";
import type { Existing, NewFile } from "./schema.ts";

/** If an owner has more videos of exactly the same size, a file is compared only with the newest. */
const MOST_OF_A_SIZE = 20;
const KEYS_PER_READ = 100;

/**
 * The video that each of these files has become already, in their order. Compares only files with `onlyNew`, and only with
 * videos of the same owner and profile that have not failed and still have their source.
 */
export async function findExisting(
  ownerId: string,
  files: readonly NewFile[],
): Promise<(Existing | undefined)[]> {
  const sizes = new Set(files.flatMap(({ onlyNew, sizeBytes }) => (onlyNew ? [sizeBytes] : [])));
  const found = await Promise.all([...sizes].map((sizeBytes) => jobKeys(ownerId, sizeBytes)));
  const rows = (await readAll(found.flat())).filter(
    ({ status, source }) => !isFailed(status) && !source.replaced,
  );
  return files.map((file) => (file.onlyNew ? match(file, rows) : undefined));
}

/** The keys of the newest jobs whose source has this size. */
async function jobKeys(ownerId: string, sizeBytes: number): Promise<Table.Row[]> {
  const { namePk, nameSk } = Table.index.measure(ownerId, "size", sizeBytes, "");
  const { rows } = await Table.page({
    index: "name",
    partition: namePk,
    prefix: nameSk,
    newestFirst: true,
    list: nameSk,
    limit: MOST_OF_A_SIZE,
  });
  return rows.map(({ pk }) => ({ pk, sk: Table.key.job("").sk }));
}

/** The jobs of these keys that are not deleted, newest first. */
async function readAll(keys: Table.Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < keys.length; from += KEYS_PER_READ) {
    for (const row of (await Table.getAll(keys.slice(from, from + KEYS_PER_READ))).map(parse)) {
      if (row.status !== "deleted") rows.push(row);
    }
  }
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1));
}

function match(file: NewFile, rows: readonly Row[]): Existing | undefined {
  const profile = file.profile ?? Profiles.defaultName();
  const alike = rows.filter(
    (row) => row.source.sizeBytes === file.sizeBytes && row.profile === profile,
  );
  const named = alike.find((row) => isSameFile(row, file));
  if (named) return existing(named, "file");
  const { crc64nvme } = file;
  if (crc64nvme === undefined) {
    const comparable = alike.find(({ source }) => source.checksum?.startsWith(CRC64));
    return comparable && existing(comparable, "size");
  }
  const same = alike.find(({ source }) => source.checksum === `${CRC64}${crc64nvme}`);
  return same && existing(same, "checksum");
}

/** How the checksum of a source begins that can be compared with that of a file. */
const CRC64 = "crc64nvme:";

const isSameFile = (row: Row, { name, fingerprint }: NewFile) =>
  fingerprint !== undefined && row.fingerprint === fingerprint && row.fileName === name;

const existing = ({ id, title, time }: Row, same: Existing["same"]): Existing => ({
  jobId: id,
  title,
  created: time.created,
  same,
});

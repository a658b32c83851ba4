import { type Row, readAll } from "../job/row.ts";
import { isFailed } from "../job/status.ts";
import * as Profiles from "../profiles.ts";
import * as Table from "../table/index.ts";
import type { Existing, NewFile } from "./schema.ts";

/** If an owner has more videos of exactly the same size, a file is compared only with the newest. */
const MOST_OF_A_SIZE = 20;

/**
 * The video that each of these files has become already, in their order. Compares only files with `onlyNew`, and only with
 * videos of the same owner and profile that have not failed and still have their source.
 */
export async function findExisting(
  ownerId: string,
  files: readonly NewFile[],
): Promise<(Existing | undefined)[]> {
  const sizes = new Set(files.flatMap(({ onlyNew, sizeBytes }) => (onlyNew ? [sizeBytes] : [])));
  const bySize = new Map<number, Row[]>();
  const find = async (sizeBytes: number) => {
    bySize.set(sizeBytes, await jobsOfSize(ownerId, sizeBytes));
  };
  await Promise.all(Array.from(sizes, find));
  return files.map((file) => {
    const jobs = file.onlyNew ? bySize.get(file.sizeBytes) : undefined;
    return jobs && match(file, jobs);
  });
}

/** The newest jobs whose source has this size, newest first. */
async function jobsOfSize(ownerId: string, sizeBytes: number): Promise<Row[]> {
  const { namePk, nameSk } = Table.index.measure(ownerId, "size", sizeBytes, "");
  const { rows } = await Table.page({
    index: "name",
    partition: namePk,
    prefix: nameSk,
    newestFirst: true,
    list: nameSk,
    limit: MOST_OF_A_SIZE,
  });
  const jobs = await readAll(rows.map((row) => String(row.nameSk).slice(nameSk.length)));
  return jobs.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** @param jobs of the file's size */
function match(file: NewFile, jobs: readonly Row[]): Existing | undefined {
  const profile = file.profile ?? Profiles.defaultName();
  const alike = jobs.filter(
    (row) => row.profile === profile && !isFailed(row.status) && !row.source.replaced,
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

import type { Plan } from "../upload/schema.ts";

/** The bytes of a file that one request sends: from `start` up to, but not including, `end`. */
export interface Part {
  /** Absent if the whole file is sent in one PUT. */
  partNumber?: number;
  start: number;
  end: number;
}

/** A part with the checksum of its bytes, base64 of the CRC-64/NVME. */
export interface HashedPart {
  /** Absent if the whole file is sent in one PUT. */
  partNumber?: number | undefined;
  crc64nvme: string;
}

/** A part as the storage lists it. */
export interface StoredPart {
  partNumber: number;
  sizeBytes: number;
  crc64nvme?: string | undefined;
}

/** The body of a request to sign these parts: the single PUT has no number. */
export function toSign(parts: readonly HashedPart[]): {
  parts?: { partNumber: number; crc64nvme: string }[];
  crc64nvme?: string;
} {
  const numbered = parts.flatMap(({ partNumber, crc64nvme }) =>
    partNumber === undefined ? [] : [{ partNumber, crc64nvme }],
  );
  const [first] = parts;
  if (numbered.length > 0 || !first) return { parts: numbered };
  return { crc64nvme: first.crc64nvme };
}

/** The parts of a file under its plan, in order. They cover every byte once. */
export function planParts(plan: Plan, sizeBytes: number): Part[] {
  if (plan.kind === "single") return [{ start: 0, end: sizeBytes }];
  return Array.from({ length: plan.partCount }, (_, index) => ({
    partNumber: index + 1,
    start: index * plan.partSizeBytes,
    end: Math.min((index + 1) * plan.partSizeBytes, sizeBytes),
  }));
}

/** The parts that the storage does not have. A listed part of another size counts as missing. */
export function missing(all: Part[], arrived: StoredPart[]): Part[] {
  const sizes = new Map(arrived.map((part) => [part.partNumber, part.sizeBytes]));
  return all.filter(
    (part) => part.partNumber === undefined || sizes.get(part.partNumber) !== part.end - part.start,
  );
}

export function totalBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.end - part.start, 0);
}

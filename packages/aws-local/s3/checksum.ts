/**
 * S3's additional checksums. Values travel as base64 of the big-endian digest.
 * CRC32, SHA-1 and SHA-256 come from Node, CRC32C from hash-wasm, and CRC64NVME from core/transfer, as in the browser.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { type Crc, combine, digestOf, POLYNOMIAL, WIDTH } from "@rushes/core/transfer/crc-combine";
import { createCrc64 } from "@rushes/core/transfer/crc64";
import { createCRC32, type IHasher } from "hash-wasm";
import { S3Error } from "./errors.ts";

export const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export type ChecksumType = "COMPOSITE" | "FULL_OBJECT";

/** A checksum as stored with an object or part. `value` is base64; a composite one ends in `-N`. */
export interface Checksum {
  algorithm: Algorithm;
  value: string;
  type: ChecksumType;
}

export const isCrc = (algorithm: Algorithm): algorithm is Crc => algorithm in POLYNOMIAL;

export const headerOf = (algorithm: Algorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`;

export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum
    ? { [headerOf(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }
    : {};

export function algorithmOf(text: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase());
  if (!found) {
    throw new S3Error("InvalidRequest", `Checksum algorithm provided is unsupported: ${text}`);
  }
  return found;
}

export interface Hasher {
  update(data: Uint8Array): void;
  /** Base64. Call once; do not use the hasher afterwards. */
  digest(): string;
}

/** A hasher in WebAssembly has memory of its own, so idle hashers are reused. */
const idle: IHasher[] = [];

async function createCrc32c(): Promise<Hasher> {
  const hasher = idle.pop() ?? (await createCRC32(Number(POLYNOMIAL.CRC32C)));
  hasher.init();
  return {
    update: (data) => void hasher.update(data),
    digest: () => {
      const value = Buffer.from(hasher.digest("binary")).toString("base64");
      idle.push(hasher);
      return value;
    },
  };
}

export async function createHasher(algorithm: Algorithm): Promise<Hasher> {
  if (algorithm === "CRC64NVME") return createCrc64();
  if (algorithm === "CRC32C") return createCrc32c();
  if (algorithm === "CRC32") {
    let crc = 0;
    return {
      update: (data) => {
        crc = crc32(data, crc);
      },
      digest: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(crc);
        return bytes.toString("base64");
      },
    };
  }
  const hash = createHash(algorithm);
  return { update: (data) => void hash.update(data), digest: () => hash.digest("base64") };
}

const LENGTH: Record<Algorithm, number> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Whether `value` has the form of this algorithm's digest. */
export function isDigest(algorithm: Algorithm, value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  return bytes.length === LENGTH[algorithm] && bytes.toString("base64") === value;
}

/** Computes the checksum of an object from its parts' checksums. */
export function checksumOfParts(
  algorithm: Algorithm,
  type: ChecksumType,
  parts: { value: string; sizeBytes: number }[],
): Checksum {
  if (type === "FULL_OBJECT" && isCrc(algorithm)) {
    return { algorithm, type, value: combine(algorithm, parts) };
  }
  const digests = Buffer.concat(parts.map(({ value }) => Buffer.from(value, "base64")));
  return {
    algorithm,
    type: "COMPOSITE",
    value: `${compositeOf(algorithm, digests)}-${parts.length}`,
  };
}

function compositeOf(algorithm: Algorithm, digests: Buffer): string {
  if (algorithm === "SHA1" || algorithm === "SHA256") {
    return createHash(algorithm).update(digests).digest("base64");
  }
  return crcOf(algorithm, digests);
}

/** Computes a CRC bit by bit: only for the few bytes of a composite checksum. */
export function crcOf(algorithm: Crc, data: Uint8Array): string {
  const ones = (1n << WIDTH[algorithm]) - 1n;
  let crc = ones;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL[algorithm] : crc >> 1n;
    }
  }
  return digestOf(crc ^ ones, Number(WIDTH[algorithm]) / 8);
}

import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * `rsh_`, 32 random characters (190 bits), and 6 for the CRC32 of everything before. Scanners of repositories and logs
 * recognize a leaked token by its format, without a request to Rushes, and a typing mistake is detected without reading
 * the table.
 */
const SHAPE = /^rsh_[0-9A-Za-z]{38}$/;
const PREFIX = "rsh_";
const RANDOM_CHARACTERS = 32;
/** 62^6 is more than 2^32. */
const CHECK_CHARACTERS = 6;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Enough to distinguish an owner's tokens. Nobody can guess the remaining 166 bits. */
const START_CHARACTERS = PREFIX.length + 4;

/** A new secret. */
export function create(): string {
  // randomInt has no modulo bias, which a byte modulo 62 would have.
  const body = Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[randomInt(62)]).join("");
  return PREFIX + body + checkOf(PREFIX + body);
}

/** Whether a text has the format and checksum of a secret. */
export function isWhole(text: string): boolean {
  const at = text.length - CHECK_CHARACTERS;
  return SHAPE.test(text) && text.slice(at) === checkOf(text.slice(0, at));
}

/** The hash that the table stores instead. With so many random bits, it need not be slow. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The part of it that lists show. */
export function startOf(secret: string): string {
  return secret.slice(0, START_CHARACTERS);
}

function checkOf(text: string): string {
  let rest = crc32(text);
  let check = "";
  for (let at = 0; at < CHECK_CHARACTERS; at += 1) {
    check = ALPHABET.charAt(rest % 62) + check;
    rest = Math.floor(rest / 62);
  }
  return check;
}

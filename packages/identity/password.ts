/** Which passwords are accepted, and how they are hashed. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** OWASP's recommendation for scrypt: 128 MiB and a few tenths of a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const MIN_LENGTH = 12;
/** A longer one is no safer, and the limit bounds the work. */
const MAX_LENGTH = 256;
/** Each needs 128 MiB. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 20;

/** Thrown when so many passwords are waiting that one more would delay all of them. */
export class BusyError extends Error {
  readonly retryAfterSeconds = 5;
  constructor() {
    super("Too many sign-ins at this moment.");
    this.name = "BusyError";
  }
}

/** The most common leaked passwords that are long enough, without digits and punctuation at their end. */
const COMMON = new Set(
  `password passwordpassword mypassword yourpassword thisismypassword passwort motdepasse contrasena
  qwertyuiop qwertyuiopas qwertyuiopasdf qwertyuiopasdfghjkl qwertyqwerty qwerty asdfghjkl asdfghjklzxcvbnm
  zxcvbnm qazwsxedcrfv abcdefghijkl abcdefghijklm abcdefgh abcabcabcabc iloveyou iloveyouforever letmein
  letmeinletmein welcome welcomewelcome administrator admin adminadmin changeme changemenow trustno sunshine
  princess football baseball superman batman starwars whatever computer internet monkey dragon master shadow
  michael jordan correcthorsebatterystaple rushes rushesrushes video videovideo secret secretsecret test
  testtest testtesttest`.split(/\s+/),
);

/** What is wrong with a password for this address. Undefined for a good one. */
export function weakness(password: string, email: string): string | undefined {
  const text = normal(password);
  const length = [...text].length;
  if (length < MIN_LENGTH)
    return `Use at least ${MIN_LENGTH} characters. A short sentence works well.`;
  if (length > MAX_LENGTH) return `Use at most ${MAX_LENGTH} characters.`;
  const folded = text.toLowerCase().trim();
  const address = email.toLowerCase();
  const name = address.split("@")[0] ?? "";
  const bare = folded.replace(/[^\p{L}]+$/u, "").replace(/^[^\p{L}]+/u, "");
  if (folded === address || bare === name || bare === address) {
    return "Do not use your email address.";
  }
  const plain = folded.replaceAll("0", "o").replaceAll("@", "a").replaceAll("$", "s");
  const words = [folded, bare, plain, plain.replace(/[^\p{L}]+$/u, "")];
  const few = new Set(folded).size <= 4;
  if (
    few ||
    isRun(folded) ||
    bare === "" ||
    words.some((word) => COMMON.has(word.replace(/\s/g, "")))
  ) {
    return "This password is too easy to guess. Use another one.";
  }
  return undefined;
}

/** True for 123456789012 and abcdefghijkl: each character follows the one before. */
const isRun = (text: string) =>
  [...text].slice(1).every((char, at) => {
    const step = (char.codePointAt(0) ?? 0) - (text.codePointAt(at) ?? 0);
    return step === 1 || step === -1 || step === -9 || step === 9;
  });

/** Two keyboards may type the same character as different code points. */
const normal = (password: string) => password.normalize("NFKC");

/** The parameters, the salt and the key, as one text. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return `scrypt$N=${N},r=${r},p=${p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/**
 * Whether a password matches a hash. Without a hash it does not, and takes as long, so that the time of a sign-in does
 * not reveal which addresses have accounts.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = "", key = ""] =
    /^scrypt\$N=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash ?? "") ?? [];
  const cost = N === undefined ? COST : { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(
    password,
    salt === "" ? randomBytes(16) : Buffer.from(salt, "base64url"),
    cost,
  );
  const wanted = Buffer.from(key, "base64url");
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new BusyError();
    await new Promise<void>((go) => waiting.push(go));
  } else running += 1;
  try {
    const maxmem = 128 * cost.N * cost.r * cost.p + 64 * 1024 * 1024;
    return await new Promise((done, fail) => {
      scrypt(normal(password), salt, KEY_BYTES, { ...cost, maxmem }, (error, key) => {
        if (error) fail(error);
        else done(key);
      });
    });
  } finally {
    // The slot passes to the longest waiting request, without being free in between.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

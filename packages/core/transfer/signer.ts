import type { SignedRequest } from "../upload/schema.ts";
import type { HashedPart } from "./part.ts";

/** The API signs at most this many parts in one request. */
const MOST = 100;
/** Parts that nobody waits for yet are signed together: each request to the API costs more than a signature. */
const BATCH = 6;
/** A URL that expires within this time is not used: a request may take that long to start. */
const MARGIN_MS = 30_000;
/** Stands for the single PUT, which has no part number. */
const WHOLE = 0;

export type Sign = (parts: HashedPart[]) => Promise<SignedRequest[]>;

/** Returns signed requests for the parts of one upload, and signs them in batches. */
export interface Signer {
  /** Signs this part with the next batch, because its request will be needed soon. */
  prepare(part: HashedPart): void;
  /** The request for one part. `fresh` requests a new signature after one was rejected. */
  request(part: HashedPart, fresh?: boolean): Promise<SignedRequest>;
}

export function createSigner(options: {
  sign: Sign;
  first: SignedRequest[];
  now(): number;
}): Signer {
  const ready = new Map<number, { request: SignedRequest; untilMs: number }>();
  const wanted = new Map<number, HashedPart>();
  /** The request that is under way. */
  let flight: Promise<void> | undefined;
  /** The next request, which is sent once this task has ended: parts that become ready together share it. */
  let next: Promise<void> | undefined;

  /** A URL that has expired on arrival means that this clock is wrong. Then only S3 can decide. */
  function keep(request: SignedRequest) {
    const untilMs = Date.parse(request.expires) - MARGIN_MS;
    const isValid = untilMs > options.now();
    ready.set(request.partNumber ?? WHOLE, { request, untilMs: isValid ? untilMs : Infinity });
  }

  async function signWanted() {
    const batch = [...wanted].slice(0, MOST);
    for (const [number] of batch) wanted.delete(number);
    for (const request of await options.sign(batch.map(([, part]) => part))) keep(request);
  }

  function start(): Promise<void> {
    next ??= Promise.resolve().then(() => {
      next = undefined;
      flight = signWanted().finally(() => {
        flight = undefined;
      });
      return flight;
    });
    return next;
  }

  for (const request of options.first) keep(request);

  return {
    prepare(part) {
      const number = part.partNumber ?? WHOLE;
      if (ready.has(number)) return;
      wanted.set(number, part);
      // If it fails, the one that needs the request sees the error.
      if (wanted.size >= BATCH && !flight) start().catch(() => {});
    },
    async request(part, fresh = false) {
      const number = part.partNumber ?? WHOLE;
      if (fresh) ready.delete(number);
      for (let signed = false; ; ) {
        const known = ready.get(number);
        if (known && known.untilMs > options.now()) return known.request;
        ready.delete(number);
        if (signed) throw new Error(`The server did not sign part ${number}.`);
        if (flight) {
          await flight.catch(() => {});
          continue;
        }
        wanted.set(number, part);
        await start();
        signed = true;
      }
    },
  };
}

import type { SignedRequest } from "../upload/schema.ts";

/** The SDK's presigner takes up to 0.7 ms per URL. A batch hides that behind one round trip. */
const BATCH = 50;
/** A URL that expires within this time is not used: a request may take that long to start. */
const MARGIN_MS = 30_000;
/** Stands for the single PUT, which has no part number. */
const WHOLE = 0;

export type Sign = (partNumbers: number[] | undefined) => Promise<SignedRequest[]>;

/** Returns signed requests for the parts of one upload, and signs them in batches. */
export interface Signer {
  /** The request for one part. `fresh` requests a new signature after one was rejected. */
  request(partNumber: number | undefined, fresh?: boolean): Promise<SignedRequest>;
}

export function createSigner(options: {
  sign: Sign;
  /** The parts to send, in the order in which they will be requested. */
  partNumbers: number[];
  first: SignedRequest[];
  now(): number;
}): Signer {
  const ready = new Map<number, { request: SignedRequest; untilMs: number }>();
  let flight: Promise<void> | undefined;

  /** A URL that has expired on arrival means that this clock is wrong. Then only S3 can decide. */
  function keep(request: SignedRequest) {
    const untilMs = Date.parse(request.expires) - MARGIN_MS;
    const isValid = untilMs > options.now();
    ready.set(request.partNumber ?? WHOLE, { request, untilMs: isValid ? untilMs : Infinity });
  }

  async function fill(number: number) {
    const next = options.partNumbers.filter((part) => part > number && !ready.has(part));
    const batch = number === WHOLE ? undefined : [number, ...next.slice(0, BATCH - 1)];
    for (const request of await options.sign(batch)) keep(request);
  }

  for (const request of options.first) keep(request);

  return {
    async request(partNumber, fresh = false) {
      const number = partNumber ?? WHOLE;
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
        flight = fill(number).finally(() => {
          flight = undefined;
        });
        await flight;
        signed = true;
      }
    },
  };
}

/**
 * How fast passwords may be guessed. Waits grow with each wrong guess and end by themselves: nobody is
 * locked out for good, and a right password forgives what was wrong before it.
 */

interface Limit {
  /** So many wrong guesses cost nothing: people mistype. */
  free: number;
  /** The wait after the first that costs; each further one doubles it. */
  firstMs: number;
  maxMs: number;
  /** After so long without another, all is forgotten. */
  forgetMs: number;
}

export const LIMITS = {
  account: { free: 5, firstMs: 2000, maxMs: 5 * 60_000, forgetMs: 60 * 60_000 },
  /** The same, from a browser in which the account's own person has signed in before. */
  device: { free: 5, firstMs: 2000, maxMs: 5 * 60_000, forgetMs: 60 * 60_000 },
  /** An office behind one address mistypes more than one person does. */
  client: { free: 20, firstMs: 2000, maxMs: 15 * 60_000, forgetMs: 60 * 60_000 },
} as const satisfies Record<string, Limit>;

interface Count {
  wrong: number;
  until: number;
  last: number;
}

const MAX_KEPT = 100_000;

export interface Guess {
  kind: keyof typeof LIMITS;
  of: string;
}

/** Counts in memory: whoever can restart the home needs no guesses. */
export function createGuesses(now: () => number = Date.now) {
  const records = new Map<string, Count>();

  function recordOf({ kind, of }: Guess): Count | undefined {
    const found = records.get(`${kind} ${of}`);
    return found && found.last + LIMITS[kind].forgetMs > now() ? found : undefined;
  }

  function undo(guess: Guess): void {
    const record = recordOf(guess);
    if (record) Object.assign(record, { wrong: Math.max(0, record.wrong - 1), until: 0 });
  }

  return {
    /**
     * Takes a guess: 0, or the seconds to wait before another is looked at. It counts as wrong until it
     * is forgiven, so that guesses made at once are not all free.
     */
    take(...guesses: Guess[]): number {
      const waits = guesses.map((guess) => (recordOf(guess)?.until ?? 0) - now());
      const longest = Math.max(0, ...waits);
      if (longest > 0) return Math.ceil(longest / 1000);
      for (const guess of guesses) {
        const { free, firstMs, maxMs } = LIMITS[guess.kind];
        const wrong = (recordOf(guess)?.wrong ?? 0) + 1;
        const wait = wrong < free ? 0 : Math.min(maxMs, firstMs * 2 ** Math.min(30, wrong - free));
        const key = `${guess.kind} ${guess.of}`;
        // Set anew, so that the map's order is that of the last guesses.
        records.delete(key);
        records.set(key, { wrong, until: now() + wait, last: now() });
      }
      for (const key of records.keys()) {
        if (records.size <= MAX_KEPT) break;
        records.delete(key);
      }
      return 0;
    },

    /** The password was right. */
    forgive(...guesses: Guess[]): void {
      for (const guess of guesses) {
        // Of a network's, only this one: an own account must not pay for guesses at others.
        if (guess.kind === "client") undo(guess);
        else records.delete(`${guess.kind} ${guess.of}`);
      }
    },

    /** It was not looked at after all. */
    giveBack: (...guesses: Guess[]) => guesses.forEach(undo),
  };
}
export type Guesses = ReturnType<typeof createGuesses>;

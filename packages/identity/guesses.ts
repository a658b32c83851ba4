/**
 * Limits how fast passwords can be guessed. The wait grows with each wrong password and then ends, so nobody is locked
 * out permanently. A correct password resets the count.
 */

interface Limit {
  /** This many wrong passwords cause no wait, because people mistype. */
  free: number;
  /** The first wait. Each further wrong password doubles it. */
  firstMs: number;
  maxMs: number;
  /** The count is reset after this long without another wrong password. */
  resetMs: number;
}

export const LIMITS = {
  account: { free: 5, firstMs: 2000, maxMs: 5 * 60_000, resetMs: 60 * 60_000 },
  /** An account, from a browser in which its owner has signed in before. */
  device: { free: 5, firstMs: 2000, maxMs: 5 * 60_000, resetMs: 60 * 60_000 },
  /** A network. The people in an office mistype more often than one person does. */
  client: { free: 20, firstMs: 2000, maxMs: 15 * 60_000, resetMs: 60 * 60_000 },
} as const satisfies Record<string, Limit>;

interface Count {
  wrong: number;
  waitUntil: number;
  last: number;
}

const MAX_COUNTS = 100_000;

/** What a guess counts against. */
export interface Guess {
  kind: keyof typeof LIMITS;
  of: string;
}

/** Counts in memory: a restart resets the counts, and only the operator can restart Rushes. */
export function createGuesses(now: () => number = Date.now) {
  const counts = new Map<string, Count>();

  function countOf({ kind, of }: Guess): Count | undefined {
    const found = counts.get(`${kind} ${of}`);
    return found && found.last + LIMITS[kind].resetMs > now() ? found : undefined;
  }

  function undo(guess: Guess): void {
    const count = countOf(guess);
    if (count) Object.assign(count, { wrong: Math.max(0, count.wrong - 1), waitUntil: 0 });
  }

  function add(guess: Guess): void {
    const { free, firstMs, maxMs } = LIMITS[guess.kind];
    const wrong = (countOf(guess)?.wrong ?? 0) + 1;
    const wait = wrong < free ? 0 : Math.min(maxMs, firstMs * 2 ** Math.min(30, wrong - free));
    const key = `${guess.kind} ${guess.of}`;
    // Deleted first, so that the map is ordered by the last guess.
    counts.delete(key);
    counts.set(key, { wrong, waitUntil: now() + wait, last: now() });
  }

  return {
    /**
     * Counts a guess as wrong until it is forgiven, so that simultaneous guesses are not all free. Returns 0, or the
     * seconds to wait; then nothing is counted.
     */
    take(...guesses: Guess[]): number {
      const waits = guesses.map((guess) => (countOf(guess)?.waitUntil ?? 0) - now());
      const longest = Math.max(0, ...waits);
      if (longest > 0) return Math.ceil(longest / 1000);
      guesses.forEach(add);
      for (const key of counts.keys()) {
        if (counts.size <= MAX_COUNTS) break;
        counts.delete(key);
      }
      return 0;
    },

    /** Resets the counts after a correct password. */
    forgive(...guesses: Guess[]): void {
      for (const guess of guesses) {
        // For a network, only this guess: an attacker's own account must not reset the guesses at others.
        if (guess.kind === "client") undo(guess);
        else counts.delete(`${guess.kind} ${guess.of}`);
      }
    },

    /** Removes a guess that was not checked after all. */
    giveBack: (...guesses: Guess[]) => guesses.forEach(undo),
  };
}
export type Guesses = ReturnType<typeof createGuesses>;

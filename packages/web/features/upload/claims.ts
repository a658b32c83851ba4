/**
 * The right to send a file. One tab of the browser has it at a time, and loses it when it closes or crashes: Web Locks
 * guarantee both. A tab has the claims of its files until they have ended, also of those that are paused or have failed.
 */
export interface Claims {
  /**
   * Resolves once this tab may send the file of this name, with a function that ends the claim. Calls `onTaken` if another
   * tab has it: then it resolves when that tab ends its claim, closes or crashes. Rejects with the signal's reason. The
   * files of one tab share their claim.
   */
  take(name: string, signal: AbortSignal, onTaken?: () => void): Promise<() => void>;
  /** The names that other tabs have. */
  taken(): Promise<ReadonlySet<string>>;
}

type Locks = Pick<LockManager, "request" | "query">;

/** A lock that this tab has or waits for. */
interface Shared {
  /** How many files of this tab have it or wait for it. */
  users: number;
  /** `asked` until it is known whether another tab has it. */
  state: "asked" | "waiting" | "granted";
  granted: Promise<void>;
  onTaken: Set<() => void>;
  end(): void;
}

/** @param locks undefined without HTTPS. Then each tab sends what it likes, as if it were alone. */
export function createClaims(locks: Locks | undefined): Claims {
  const byName = new Map<string, Shared>();

  function ask(name: string): Shared {
    const [granted, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const gone = new AbortController();
    const shared: Shared = {
      users: 0,
      state: "asked",
      granted: granted.promise,
      onTaken: new Set(),
      end() {
        byName.delete(name);
        gone.abort();
        ended.resolve();
      },
    };
    const grant = () => {
      shared.state = "granted";
      granted.resolve();
      return ended.promise;
    };
    const request = async () => {
      if (!locks) return grant();
      const isFree = await locks.request(name, { ifAvailable: true }, async (lock) => {
        if (lock) await grant();
        return lock !== null;
      });
      if (isFree || gone.signal.aborted) return;
      shared.state = "waiting";
      for (const onTaken of shared.onTaken) onTaken();
      await locks.request(name, { signal: gone.signal }, grant);
    };
    request().catch(() => {
      // A browser that forbids storage forbids locks too.
      if (!gone.signal.aborted) void grant();
    });
    byName.set(name, shared);
    return shared;
  }

  return {
    take(name, signal, onTaken = () => {}) {
      const shared = byName.get(name) ?? ask(name);
      shared.users += 1;
      let isUsed = true;
      const release = () => {
        if (!isUsed) return;
        isUsed = false;
        shared.onTaken.delete(onTaken);
        shared.users -= 1;
        if (shared.users === 0) shared.end();
      };
      if (shared.state === "waiting") onTaken();
      else shared.onTaken.add(onTaken);
      return new Promise((resolve, reject) => {
        const stop = () => {
          release();
          reject(signal.reason);
        };
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        void shared.granted.then(() => {
          signal.removeEventListener("abort", stop);
          resolve(release);
        });
      });
    },
    async taken() {
      const { held: locked = [] } = (await locks?.query().catch(() => undefined)) ?? {};
      const names = locked.flatMap(({ name }) => (name === undefined ? [] : [name]));
      return new Set(names.filter((name) => byName.get(name)?.state !== "granted"));
    },
  };
}

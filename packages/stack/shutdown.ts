export interface Shutdown {
  add(stop: () => Promise<void>): void;
  /** Waits for a part to start, and closes it with the rest. */
  keep<Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part>;
  /** Stops everything, once. The last part that started stops first, because it may use the others. */
  run(): Promise<void>;
  isRunning(): boolean;
}

/** @param onError receives what a part throws while it stops; the other parts stop anyway */
export function createShutdown(onError: (error: unknown) => void): Shutdown {
  const stops: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const stop of stops.splice(0).reverse()) await stop().catch(onError);
  }

  return {
    add: (stop) => void stops.push(stop),
    async keep(starting) {
      const part = await starting;
      stops.push(() => part.close());
      return part;
    },
    run() {
      running ??= stopAll();
      return running;
    },
    isRunning: () => running !== undefined,
  };
}

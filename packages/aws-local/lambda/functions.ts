import { join } from "node:path";
import type { FunctionWiring } from "@rushes/core/wiring";
import { Pool } from "./pool.ts";

/** Two cores, and a third process that works while the other two wait. */
const WORKERS = 3;

export interface FunctionsOptions {
  functions: Record<string, FunctionWiring>;
  /** Handlers' paths are relative to this folder. */
  root: string;
  env: Record<string, string>;
  region: string;
  /** How many processes run functions. The default is 3. */
  workers?: number;
  onLog?(line: string): void;
}

/** Runs the functions of the wiring by name. */
export class Functions {
  readonly #options: FunctionsOptions;
  readonly #pool: Pool;

  constructor(options: FunctionsOptions) {
    const { functions, root, env, region, workers = WORKERS, onLog } = options;
    this.#options = options;
    this.#pool = new Pool({
      size: workers,
      env,
      region,
      preload: Object.values(functions).map(({ handler }) => join(root, handler)),
      onLog: (name, line) => onLog?.(`${name} ${line}`),
    });
  }

  /** Starts the worker processes before the first event comes. */
  preload(): void {
    this.#pool.preload();
  }

  /** Returns what the handler returns, and throws what it throws. */
  async run(name: string, payload: unknown): Promise<unknown> {
    const { functions, root, onLog } = this.#options;
    const wired = functions[name];
    if (!wired) throw new Error(`There is no function "${name}".`);
    try {
      return await this.#pool.run({
        function: name,
        handler: join(root, wired.handler),
        timeoutMs: wired.timeoutSeconds * 1000,
        payload,
      });
    } catch (error) {
      onLog?.(`${name} failed: ${String(error)}`);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** The dead-letter queue of a function's asynchronous invocations and streams. */
export function failureQueueOf(functions: Record<string, FunctionWiring>, name: string): string {
  return functions[name]?.onFailure ?? `${name}-dead`;
}

import { AsyncLocalStorage } from "node:async_hooks";

/** A value that travels with a request without being a parameter of every function on its way. */
export function create<T>() {
  const storage = new AsyncLocalStorage<T>();
  return {
    /** The value of the running request; undefined outside of one. */
    use: (): T | undefined => storage.getStore(),
    /** Runs `run` and everything that it awaits with `value`. */
    with: <R>(value: T, run: () => R): R => storage.run(value, run),
  };
}

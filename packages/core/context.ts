import { AsyncLocalStorage } from "node:async_hooks";

/** A value that belongs to a request, without being a parameter of every function. */
export function create<T>() {
  const storage = new AsyncLocalStorage<T>();
  return {
    /** The value of the current request. Undefined outside a request. */
    use: (): T | undefined => storage.getStore(),
    /** Runs `run`, and everything it awaits, with `value`. */
    with: <R>(value: T, run: () => R): R => storage.run(value, run),
  };
}

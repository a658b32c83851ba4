import { AsyncLocalStorage } from "node:async_hooks";

/** Where a request came from, for limits and for the audit log. */
export interface Request {
  /** The client's IP address. */
  address: string;
  /** The User-Agent header, cut to 200 characters. */
  agent: string;
}

const context = new AsyncLocalStorage<Request>();

/** Runs `run` on behalf of a request. */
export function withRequest<R>(request: Request, run: () => R): R {
  return context.run(request, run);
}

/** The current request. Undefined in a function that no request started. */
export function request(): Request | undefined {
  return context.getStore();
}

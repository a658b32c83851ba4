import * as Context from "./context.ts";

/** Where a request came from, for limits and for the audit. */
export interface Request {
  /** The client's IP address. */
  address: string;
  /** The User-Agent header, cut to 200 characters. */
  agent: string;
}

const context = Context.create<Request>();

/** Runs `run` on behalf of a request. */
export function withRequest<R>(request: Request, run: () => R): R {
  return context.with(request, run);
}

/** The request that is being answered; undefined in a function that no request started. */
export function request(): Request | undefined {
  return context.use();
}

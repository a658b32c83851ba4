import { isIP } from "node:net";
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

/**
 * Who shares a limit with an address: it alone, or its whole /64 in IPv6, where one line has that many
 * addresses to change between.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const left = head.split(":").filter((group) => group !== "");
  const right = tail.split(":").filter((group) => group !== "");
  const zeros = address.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  const first = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(":")}::/64`;
}

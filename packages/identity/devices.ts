/**
 * A cookie that marks the browsers in which the owner of an account has signed in before. It grants no access. Wrong
 * passwords from other browsers are counted apart, so that an attacker cannot lock the owner out (OWASP calls these
 * "device cookies").
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Account } from "./accounts.ts";

const MAX_AGE_SECONDS = 400 * 86_400;

interface DeviceOptions {
  key: string;
  path: string;
  secure: boolean;
}

export function createDevices({ key, path, secure }: DeviceOptions) {
  const name = `${secure ? "__Secure-" : ""}rushes-identity-device`;
  // A new password invalidates the cookies of all browsers.
  const cookieValue = ({ id, passwordSet = "" }: Account) =>
    createHmac("sha256", key).update(`${id} ${passwordSet}`).digest("base64url");

  return {
    isKnown(request: IncomingMessage, account: Account): boolean {
      const cookies = request.headers.cookie?.split(/;\s*/) ?? [];
      const given = cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
      const [a, b] = [Buffer.from(given ?? ""), Buffer.from(cookieValue(account))];
      return a.length === b.length && timingSafeEqual(a, b);
    },

    cookieOf: (account: Account): string =>
      `${name}=${cookieValue(account)}; Path=${path}; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`,
  };
}
export type Devices = ReturnType<typeof createDevices>;

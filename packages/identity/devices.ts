/**
 * A cookie that says in which browsers the person of an account has signed in before. It opens nothing;
 * but guesses from elsewhere are counted apart from those made there, so that nobody can keep somebody
 * else waiting (OWASP: "device cookies").
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Account } from "./accounts.ts";

const DAYS = 400;

export function createDevices({
  key,
  path,
  secure,
}: {
  key: string;
  path: string;
  secure: boolean;
}) {
  const name = `${secure ? "__Secure-" : ""}rushes-identity-device`;
  // A new password makes all browsers unknown.
  const markOf = ({ id, passwordSet = "" }: Account) =>
    createHmac("sha256", key).update(`${id} ${passwordSet}`).digest("base64url");

  return {
    isOf(request: IncomingMessage, account: Account): boolean {
      const cookies = request.headers.cookie?.split(/;\s*/) ?? [];
      const given = cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
      const [a, b] = [Buffer.from(given ?? ""), Buffer.from(markOf(account))];
      return a.length === b.length && timingSafeEqual(a, b);
    },

    cookieOf: (account: Account): string =>
      `${name}=${markOf(account)}; Path=${path}; Max-Age=${DAYS * 86_400}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`,
  };
}
export type Devices = ReturnType<typeof createDevices>;

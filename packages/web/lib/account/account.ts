import type { Info as Usage } from "@rushes/core/usage/schema";
import type { Info as User } from "@rushes/core/user/schema";
import type { Suppression } from "@rushes/core/user/suppression";
import { call } from "../api-client/call.ts";
import { session } from "../session/session.ts";

export type Account = {
  user: User;
  /** Why this user gets no mail; absent if mail is sent. */
  mailHeld?: Suppression;
  /** Absent if usage is not counted. */
  usage?: Usage;
  /** False if everyone who reaches the app is its one user. */
  signIn: boolean;
};

/** The account fields that every page shows. */
export type Person = Pick<User, "id" | "email" | "name" | "role">;

export const ACCOUNT = "account";

/** Fetches who is signed in, and updates the page's session. */
export async function fetchAccount(signal?: AbortSignal): Promise<Account> {
  const account = await call<Account>("/account", { signal, anyone: true });
  session.signedIn(account.user);
  return account;
}

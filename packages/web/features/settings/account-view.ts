import type { Account } from "../session/account.ts";

/** Where an account comes from, for a person: the host that vouches for it. */
export function accountSource({ user, signIn }: Pick<Account, "user" | "signIn">): string {
  if (!signIn) return "This machine, without sign-in";
  return URL.canParse(user.issuer) ? new URL(user.issuer).host : user.issuer;
}

/** What the role allows. */
export function roleSentence(role: Account["user"]["role"]): string {
  return role === "admin"
    ? "Admin: reaches every user's videos, the users, the audit and the dead letters"
    : "Member: reaches the own videos";
}

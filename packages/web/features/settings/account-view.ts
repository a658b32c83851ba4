import type { Held } from "@rushes/core/user/suppression";
import type { Account } from "../../lib/account/account.ts";

/** Where an account comes from, for a person: the host that vouches for it. */
export function accountSource({ user, signIn }: Pick<Account, "user" | "signIn">): string {
  if (!signIn) return "This machine, without sign-in";
  return URL.canParse(user.issuer) ? new URL(user.issuer).host : user.issuer;
}

/** Why somebody gets no mails, and what to do before they go out again. */
export function heldSentences(
  { reason, said }: Pick<Held, "reason" | "said">,
  signIn: boolean,
): { title: string; body: string } {
  if (reason === "complained") {
    return {
      title: "You get no mails: one was reported as spam",
      body: "Take our mails out of your spam folder, then let them come again.",
    };
  }
  const correct = signIn
    ? "Mend the mailbox, or change the address at your sign-in provider and sign in again."
    : "Mend the mailbox, or change the setting RUSHES_EMAIL.";
  return {
    title: "You get no mails: one came back",
    body: `${said ? `The other server said: “${said}”. ` : ""}${correct} Then let mails come again.`,
  };
}

/** What the role allows. */
export function roleSentence(role: Account["user"]["role"]): string {
  return role === "admin"
    ? "Admin: reaches every user's videos, the users, the audit and the dead letters"
    : "Member: reaches the own videos";
}

import type { Suppression } from "@rushes/core/user/suppression";
import type { Account } from "../../lib/account/account.ts";

/** The sign-in provider of an account: its host. */
export function accountSource({ user, signIn }: Pick<Account, "user" | "signIn">): string {
  if (!signIn) return "None (local)";
  return URL.canParse(user.issuer) ? new URL(user.issuer).host : user.issuer;
}

/** Why a user gets no email, and how to resume it. */
export function emailPausedText(
  { reason, said }: Pick<Suppression, "reason" | "said">,
  signIn: boolean,
): { title: string; body: string } {
  if (reason === "complained") {
    return {
      title: "Email is paused: a message was reported as spam",
      body: "Move our messages out of your spam folder, then resume email.",
    };
  }
  const correct = signIn
    ? "Fix the mailbox, or change the address at your sign-in provider and sign in again."
    : "Fix the mailbox, or change the setting RUSHES_EMAIL.";
  return {
    title: "Email is paused: a message bounced",
    body: `${said ? `The mail server responded: “${said}”. ` : ""}${correct} Then resume email.`,
  };
}

/** What a role allows. */
export function roleSentence(role: Account["user"]["role"]): string {
  return role === "admin"
    ? "Admin: can access all videos, users, the audit log and failed messages"
    : "Member: can access own videos";
}

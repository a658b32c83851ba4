import type { Info as User } from "@rushes/core/user/schema";

/** What an admin can do with a user: switch off, switch on, end the sessions, let mails go out again. */
export type Act = "off" | "on" | "end" | "mail";

/** What can be done with this user; nothing with the own account, which the server would refuse. */
export function actsOn(
  user: Pick<User, "disabled"> & { mailHeld?: unknown },
  self: boolean,
): { act: Act; label: string }[] {
  if (self) return [];
  if (user.disabled) return [{ act: "on", label: "Enable" }];
  return [
    ...(user.mailHeld ? [{ act: "mail", label: "Resume email" } as const] : []),
    { act: "end", label: "End sessions" },
    { act: "off", label: "Disable" },
  ];
}

/** What is asked before, and said after. */
export function actQuestion(
  act: Act,
  { email }: Pick<User, "email">,
): { title: string; body: string; confirm: string; done: string } {
  switch (act) {
    case "off":
      return {
        title: `Disable ${email}?`,
        body: "All sessions end, and API tokens and share links stop working. The videos are kept. You can enable the account again.",
        confirm: "Disable",
        done: `${email} is disabled.`,
      };
    case "on":
      return {
        title: `Enable ${email}?`,
        body: "The user can sign in again. API tokens and share links that have not expired work again.",
        confirm: "Enable",
        done: `${email} is enabled.`,
      };
    case "mail":
      return {
        title: `Resume email to ${email}?`,
        body: "An earlier message bounced or was reported as spam. If that happens again, email is paused again.",
        confirm: "Resume email",
        done: `Email to ${email} is resumed.`,
      };
    case "end":
      return {
        title: `End all sessions of ${email}?`,
        body: "The user must sign in again in every browser. API tokens keep working.",
        confirm: "End sessions",
        done: `The sessions of ${email} are ended.`,
      };
  }
}

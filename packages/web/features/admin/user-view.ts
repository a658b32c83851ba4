import type { Info as User } from "@rushes/core/user/schema";

/** What an admin can do with a user: switch off, switch on, end the sessions, let mails go out again. */
export type Act = "off" | "on" | "end" | "mail";

/** What can be done with this user; nothing with the own account, which the server would refuse. */
export function actsOn(
  user: Pick<User, "disabled"> & { mailHeld?: unknown },
  self: boolean,
): { act: Act; label: string }[] {
  if (self) return [];
  if (user.disabled) return [{ act: "on", label: "Switch on" }];
  return [
    ...(user.mailHeld ? [{ act: "mail", label: "Allow mails" } as const] : []),
    { act: "end", label: "End sessions" },
    { act: "off", label: "Switch off" },
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
        title: `Switch ${email} off?`,
        body: "Every session ends, and no token works any more. The videos stay, links that were shared stop playing, and the account can be switched on again.",
        confirm: "Switch off",
        done: `${email} is switched off.`,
      };
    case "on":
      return {
        title: `Switch ${email} on?`,
        body: "The user may sign in again, and tokens that have not ended work again.",
        confirm: "Switch on",
        done: `${email} is switched on.`,
      };
    case "mail":
      return {
        title: `Let mails go to ${email} again?`,
        body: "An earlier mail came back, or was reported as spam. If that happens again, mails are held back again.",
        confirm: "Allow mails",
        done: `Mails go to ${email} again.`,
      };
    case "end":
      return {
        title: `End all sessions of ${email}?`,
        body: "The user has to sign in again in every browser. API tokens go on working.",
        confirm: "End sessions",
        done: `The sessions of ${email} have ended.`,
      };
  }
}

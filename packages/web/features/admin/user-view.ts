import type { Info as User } from "@rushes/core/user/schema";

/** What an admin can do with a user: disable, enable, resume email, end all sessions. */
export type Act = "disable" | "enable" | "end" | "email";

/** The actions for this user. None for the admin's own account, because the server rejects them. */
export function actsOn(
  user: Pick<User, "disabled"> & { mailHeld?: unknown },
  self: boolean,
): { act: Act; label: string }[] {
  if (self) return [];
  if (user.disabled) return [{ act: "enable", label: "Enable" }];
  const actions: { act: Act; label: string }[] = [
    { act: "end", label: "End sessions" },
    { act: "disable", label: "Disable" },
  ];
  if (user.mailHeld) actions.unshift({ act: "email", label: "Resume email" });
  return actions;
}

/** The confirmation of an action, and the announcement after it. */
export function actQuestion(
  act: Act,
  { email }: Pick<User, "email">,
): { title: string; body: string; confirm: string; done: string } {
  switch (act) {
    case "disable":
      return {
        title: `Disable ${email}?`,
        body: "All sessions end, and API tokens and share links stop working. The videos are kept. You can enable the account again.",
        confirm: "Disable",
        done: `${email} is disabled.`,
      };
    case "enable":
      return {
        title: `Enable ${email}?`,
        body: "The user can sign in again. API tokens and share links that have not expired work again.",
        confirm: "Enable",
        done: `${email} is enabled.`,
      };
    case "email":
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

import { expect, it } from "vitest";
import { emailPausedText } from "./account-view.ts";

it("explains how to resume email, depending on where the address comes from", () => {
  const bounced = { reason: "bounced", said: "550 user unknown" } as const;
  expect(emailPausedText(bounced, true).body).toBe(
    "The mail server responded: “550 user unknown”. Fix the mailbox, or change the address at your sign-in provider and sign in again. Then resume email.",
  );
  expect(emailPausedText(bounced, false).body).toContain("RUSHES_EMAIL");
  expect(emailPausedText({ reason: "complained" }, true).title).toBe(
    "Email is paused: a message was reported as spam",
  );
});

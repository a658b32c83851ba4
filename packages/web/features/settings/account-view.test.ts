import { expect, it } from "vitest";
import { heldSentences } from "./account-view.ts";

it("says what to do before mails come again, by where the address comes from", () => {
  const came = { reason: "bounced", said: "550 user unknown" } as const;
  expect(heldSentences(came, true).body).toBe(
    "The other server said: “550 user unknown”. Mend the mailbox, or change the address at your sign-in provider and sign in again. Then let mails come again.",
  );
  expect(heldSentences(came, false).body).toContain("RUSHES_EMAIL");
  expect(heldSentences({ reason: "complained" }, true).title).toBe(
    "You get no mails: one was reported as spam",
  );
});

"use client";

import type { Held } from "@rushes/core/user/suppression";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { heldSentences } from "./account-view.ts";
import { useFreeMail } from "./use-settings.ts";

/** Says why nothing is mailed to this user any more, and ends that. */
export function MailHeld({ held, email, signIn }: { held: Held; email: string; signIn: boolean }) {
  const free = useFreeMail();
  const { title, body } = heldSentences(held, signIn);
  return (
    <Notice
      tone="danger"
      title={title}
      actions={
        <Button
          disabled={free.isPending}
          onClick={() =>
            free.mutate(undefined, { onSuccess: () => announce(`Email to ${email} is resumed.`) })
          }
        >
          Resume email
        </Button>
      }
    >
      <p>{body}</p>
      {free.isError ? <p role="alert">{free.error.message}</p> : null}
    </Notice>
  );
}

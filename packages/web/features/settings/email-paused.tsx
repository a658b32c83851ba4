"use client";

import type { Suppression } from "@rushes/core/user/suppression";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { emailPausedText } from "./account-view.ts";
import { useResumeEmail } from "./use-settings.ts";

type Props = { suppression: Suppression; email: string; signIn: boolean };

/** Explains why this user gets no email, with a button to resume it. */
export function EmailPaused({ suppression, email, signIn }: Props) {
  const resume = useResumeEmail();
  const { title, body } = emailPausedText(suppression, signIn);
  return (
    <Notice
      tone="danger"
      title={title}
      actions={
        <Button
          disabled={resume.isPending}
          onClick={() =>
            resume.mutate(undefined, { onSuccess: () => announce(`Email to ${email} is resumed.`) })
          }
        >
          Resume email
        </Button>
      }
    >
      <p>{body}</p>
      {resume.isError ? <p role="alert">{resume.error.message}</p> : null}
    </Notice>
  );
}

"use client";

import type { Listed } from "@rushes/core/job/schema";
import type { Info } from "@rushes/core/share/schema";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { useNow } from "../../lib/use-now.ts";
import { ShareForm } from "./share-form.tsx";
import { ShareRow } from "./share-row.tsx";
import { embedCode } from "./share-view.ts";
import { useShares } from "./use-shares.ts";

/** A form for a new share link, and the existing ones. */
export function SharePanel({ job }: { job: Listed }) {
  const { list, create, revoke } = useShares(job.id);
  const [announcement, setAnnouncement] = useState("");
  const [newest, setNewest] = useState<string>();
  const [revoking, setRevoking] = useState<Info>();
  const panel = useRef<HTMLDivElement>(null);
  const returning = useRef(false);
  const now = useNow();
  const shares = list.data ?? [];
  const size = job.source.media;

  // A live region does not announce the same text twice. A trailing no-break space makes it a new one.
  const announce = (sentence: string) =>
    setAnnouncement((before) => (before === sentence ? `${sentence}\u00a0` : sentence));

  // The button that opened the dialog disappears with its link, so the focus has nowhere to return to.
  useEffect(() => {
    if (!revoking && returning.current) panel.current?.focus();
    returning.current = false;
  }, [revoking]);

  function confirm() {
    if (!revoking) return;
    revoke.mutate(revoking, {
      onSuccess() {
        returning.current = true;
        announce("Link revoked.");
      },
      onSettled: () => setRevoking(undefined),
    });
  }

  return (
    <div ref={panel} tabIndex={-1} className="mt-2 space-y-5 outline-none">
      <p role="status" className="sr-only" data-said>
        {announcement}
      </p>
      <p className="text-sm text-muted">
        Anyone with a link can watch this video without signing in, until the link expires or you
        revoke it.
      </p>
      <ShareForm
        busy={create.isPending}
        problem={create.error?.message}
        onCreate={(share, done) =>
          create.mutate(share, {
            onSuccess({ share: created }) {
              done();
              setNewest(created.id);
              announce("Link created. It is selected, ready to copy.");
            },
          })
        }
      />
      {list.isError ? (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-sm text-danger">
          {list.error.message}
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </div>
      ) : null}
      {revoke.isError ? (
        <p role="alert" className="text-sm text-danger">
          {revoke.error.message}
        </p>
      ) : null}
      {shares.length > 0 ? (
        <section aria-label="Links of this video" className="border-t border-line">
          <ul className="divide-y divide-line">
            {shares.map((share) => (
              <ShareRow
                key={share.id}
                share={share}
                now={now}
                isNew={share.id === newest}
                code={share.embedUrl && embedCode({ url: share.embedUrl, title: job.title, size })}
                onAnnounce={announce}
                onRevoke={() => setRevoking(share)}
              />
            ))}
          </ul>
        </section>
      ) : null}
      <ConfirmDialog
        open={revoking !== undefined}
        title="Revoke this link?"
        confirmLabel="Revoke"
        busy={revoke.isPending}
        onConfirm={confirm}
        onCancel={() => setRevoking(undefined)}
      >
        The link stops working immediately; current viewers are cut off within a minute.
      </ConfirmDialog>
    </div>
  );
}

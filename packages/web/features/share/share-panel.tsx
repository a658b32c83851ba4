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

/** A form for a new link, and those that there are. */
export function SharePanel({ job }: { job: Listed }) {
  const { list, create, revoke } = useShares(job.id);
  const [said, setSaid] = useState("");
  const [fresh, setFresh] = useState<string>();
  const [asking, setAsking] = useState<Info>();
  const panel = useRef<HTMLDivElement>(null);
  const returning = useRef(false);
  const now = useNow();
  const shares = list.data ?? [];
  const size = job.source.media;

  // The same sentence twice would not be read again; a trailing no-break space makes it a new one.
  const say = (sentence: string) =>
    setSaid((before) => (before === sentence ? `${sentence}\u00a0` : sentence));

  // The button that asked went with its link, so the focus has nowhere to go back to.
  useEffect(() => {
    if (!asking && returning.current) panel.current?.focus();
    returning.current = false;
  }, [asking]);

  function confirm() {
    if (!asking) return;
    revoke.mutate(asking, {
      onSuccess() {
        returning.current = true;
        say("Link revoked.");
      },
      onSettled: () => setAsking(undefined),
    });
  }

  return (
    <div ref={panel} tabIndex={-1} className="mt-2 space-y-5 outline-none">
      <p role="status" className="sr-only" data-said>
        {said}
      </p>
      <p className="text-sm text-muted">
        Anyone with a link can watch this video without signing in, until the link expires or you
        revoke it.
      </p>
      <ShareForm
        busy={create.isPending}
        problem={create.error?.message}
        onMake={(share, done) =>
          create.mutate(share, {
            onSuccess({ share: made }) {
              done();
              setFresh(made.id);
              say("Link created. It is selected, ready to copy.");
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
                fresh={share.id === fresh}
                code={share.embedUrl && embedCode({ url: share.embedUrl, title: job.title, size })}
                onSay={say}
                onRevoke={() => setAsking(share)}
              />
            ))}
          </ul>
        </section>
      ) : null}
      <ConfirmDialog
        open={asking !== undefined}
        title="Revoke this link?"
        confirmLabel="Revoke"
        busy={revoke.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking(undefined)}
      >
        The link stops working immediately; current viewers are cut off within a minute.
      </ConfirmDialog>
    </div>
  );
}

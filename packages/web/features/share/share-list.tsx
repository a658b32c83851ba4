"use client";

import type { Listed } from "@rushes/core/job/schema";
import type { Info } from "@rushes/core/share/schema";
import { type RefObject, useEffect, useRef, useState } from "react";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { embedCode } from "../../lib/embed-code.ts";
import { useNow } from "../../lib/use-now.ts";
import { ShareRow } from "./share-row.tsx";
import type { useShares } from "./use-shares.ts";

type Props = {
  job: Listed;
  shares: readonly Info[];
  /** The ID of the link that was just created. */
  newest: string | undefined;
  revoke: ReturnType<typeof useShares>["revoke"];
  /** Gets the focus when a link is revoked. */
  panel: RefObject<HTMLElement | null>;
  onAnnounce(sentence: string): void;
};

function sizeOf({ source }: Listed): { width: number; height: number } | undefined {
  const { width, height } = source.media ?? {};
  return width !== undefined && height !== undefined ? { width, height } : undefined;
}

/** The links of a video, each of which can be revoked. */
export function ShareList({ job, shares, newest, revoke, panel, onAnnounce }: Props) {
  const [revoking, setRevoking] = useState<Info>();
  const returning = useRef(false);
  const now = useNow();
  const size = sizeOf(job);

  // The button that opened the dialog disappears with its link, so the focus has nowhere to return to.
  useEffect(() => {
    if (!revoking && returning.current) panel.current?.focus();
    returning.current = false;
  }, [revoking, panel]);

  function confirm() {
    if (!revoking) return;
    revoke.mutate(revoking, {
      onSuccess() {
        returning.current = true;
        onAnnounce("Link revoked.");
      },
      onSettled: () => setRevoking(undefined),
    });
  }

  return (
    <>
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
                onAnnounce={onAnnounce}
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
    </>
  );
}

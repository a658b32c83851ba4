"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { useAnnouncement } from "../../components/ui/use-announcement.ts";
import { ShareForm } from "./share-form.tsx";
import { ShareList } from "./share-list.tsx";
import { useShares } from "./use-shares.ts";

/** A form for a new share link, and the existing ones. */
export function SharePanel({ job }: { job: Listed }) {
  const { list, create, revoke } = useShares(job.id);
  const [announcement, announce] = useAnnouncement();
  const [newest, setNewest] = useState<string>();
  const panel = useRef<HTMLDivElement>(null);

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
      <ShareList
        job={job}
        shares={list.data ?? []}
        newest={newest}
        revoke={revoke}
        panel={panel}
        onAnnounce={announce}
      />
    </div>
  );
}

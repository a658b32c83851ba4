"use client";

import type { Letter, Queue } from "@rushes/core/dead-letter/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Rows, Section } from "../../components/ui/section.tsx";
import { formatMoment } from "../../lib/format.ts";
import { AdminPage } from "./admin-only.tsx";
import { countLetters, queueSentence } from "./dead-letter-view.ts";
import * as api from "./requests.ts";

const LETTERS = ["admin", "dead-letters"];

function LetterRow({ letter }: { letter: Letter }) {
  const { time, attempts, reason, summary } = letter;
  return (
    <li className="space-y-1 px-4 py-3 sm:px-5">
      <p className="text-sm font-medium">{reason}</p>
      <p className="text-sm text-muted">{summary}</p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <time dateTime={time}>{formatMoment(time)}</time>
        {attempts === undefined ? null : (
          <span>{attempts === 1 ? "After 1 attempt" : `After ${attempts} attempts`}</span>
        )}
      </p>
    </li>
  );
}

function QueueSection({ queue, onSend }: { queue: Queue; onSend(): void }) {
  const { name, count, letters } = queue;
  return (
    <Section
      id={`queue-${name}`}
      title={name}
      about={queueSentence(name)}
      actions={
        <div className="flex items-center gap-3">
          <Badge tone="danger">{countLetters(count)}</Badge>
          <Button onClick={onSend} aria-label={`Send again: ${name}`}>
            <Icon name="retry" />
            Send again
          </Button>
        </div>
      }
    >
      <Rows label={`Failed messages of ${name}`}>
        {letters.map((letter) => (
          <LetterRow key={letter.id} letter={letter} />
        ))}
      </Rows>
      {count > letters.length ? (
        <p className="text-sm text-muted">And {countLetters(count - letters.length)} more.</p>
      ) : null}
    </Section>
  );
}

function Queues() {
  const client = useQueryClient();
  const query = useQuery({ queryKey: LETTERS, queryFn: ({ signal }) => api.deadLetters(signal) });
  const [asking, setAsking] = useState<Queue>();
  const redrive = useMutation({
    mutationFn: (queue: Queue) => api.redrive(queue.name),
    onSuccess: ({ message }) => announce(message),
    onSettled: () => {
      setAsking(undefined);
      return client.invalidateQueries({ queryKey: LETTERS });
    },
  });

  return (
    <>
      <p>
        <Button onClick={() => void query.refetch()} disabled={query.isFetching}>
          <Icon name="retry" />
          Refresh
        </Button>
      </p>
      {redrive.isError ? (
        <Notice
          role="alert"
          tone="danger"
          title="The messages were not sent again"
          actions={<Button onClick={() => redrive.reset()}>Dismiss</Button>}
        >
          {redrive.error.message}
        </Notice>
      ) : null}
      {redrive.data ? (
        <Notice
          tone={redrive.data.kept > 0 ? "neutral" : "ok"}
          title={`${countLetters(redrive.data.sent)} sent again`}
          actions={<Button onClick={() => redrive.reset()}>Dismiss</Button>}
        >
          {redrive.data.message}
          {redrive.data.kept > 0
            ? ` ${countLetters(redrive.data.kept)} cannot be read and stay in the queue.`
            : null}
        </Notice>
      ) : null}
      <Loaded query={query} what="the failed messages">
        {({ queues }) => {
          const stuck = queues.filter((queue) => queue.count > 0);
          if (stuck.length === 0) {
            return (
              <Notice tone="ok" role="status" title="No failed messages">
                The pipeline has processed every message.
              </Notice>
            );
          }
          return (
            <div className="space-y-10">
              {stuck.map((queue) => (
                <QueueSection key={queue.name} queue={queue} onSend={() => setAsking(queue)} />
              ))}
            </div>
          );
        }}
      </Loaded>
      <ConfirmDialog
        open={asking !== undefined}
        title={`Send ${countLetters(asking?.count ?? 0)} again?`}
        confirmLabel="Send again"
        confirmTone="primary"
        cancelLabel="Cancel"
        busy={redrive.isPending}
        onConfirm={() => asking && redrive.mutate(asking)}
        onCancel={() => setAsking(undefined)}
      >
        Fix the cause first, or the messages fail again. This is safe: a step that has already run
        does not run twice.
      </ConfirmDialog>
    </>
  );
}

/** What the pipeline could not handle. */
export function DeadLettersPage() {
  return (
    <AdminPage
      title="Failed messages"
      about="Messages that the pipeline could not process after all retries. They stay here until you send them again."
    >
      <Queues />
    </AdminPage>
  );
}

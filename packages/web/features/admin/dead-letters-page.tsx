"use client";

import type { DeadLetterMessage, Queue } from "@rushes/core/dead-letter/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { announce } from "../../components/ui/announcer.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { FailedNotice } from "../../components/ui/failed-notice.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Rows, Section } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { formatMoment } from "../../lib/format.ts";
import { AdminPage } from "./admin-page.tsx";
import { countMessages, queueSentence } from "./dead-letter-view.ts";
import * as api from "./requests.ts";

const DEAD_LETTERS = ["admin", "dead-letters"];

function MessageRow({ message }: { message: DeadLetterMessage }) {
  const { time, attempts, reason, summary } = message;
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
  const { name, count, letters: messages } = queue;
  return (
    <Section
      id={`queue-${name}`}
      title={name}
      about={queueSentence(name)}
      actions={
        <div className="flex items-center gap-3">
          <Badge tone="danger">{countMessages(count)}</Badge>
          <Button onClick={onSend} aria-label={`Send again: ${name}`}>
            <Icon name="retry" />
            Send again
          </Button>
        </div>
      }
    >
      <Rows label={`Failed messages of ${name}`}>
        {messages.map((message) => (
          <MessageRow key={message.id} message={message} />
        ))}
      </Rows>
      {count > messages.length ? (
        <p className="text-sm text-muted">And {countMessages(count - messages.length)} more.</p>
      ) : null}
    </Section>
  );
}

function QueueList({ queues, onSend }: { queues: readonly Queue[]; onSend(queue: Queue): void }) {
  const withMessages = queues.filter((queue) => queue.count > 0);
  if (withMessages.length === 0) {
    return (
      <Notice tone="ok" role="status" title="No failed messages">
        The pipeline has processed every message.
      </Notice>
    );
  }
  return (
    <div className="space-y-10">
      {withMessages.map((queue) => (
        <QueueSection key={queue.name} queue={queue} onSend={() => onSend(queue)} />
      ))}
    </div>
  );
}

type SentNoticeProps = Awaited<ReturnType<typeof api.redrive>> & { onDismiss(): void };

function SentNotice({ sent, kept, message, onDismiss }: SentNoticeProps) {
  return (
    <Notice
      tone={kept > 0 ? "neutral" : "ok"}
      title={`${countMessages(sent)} sent again`}
      actions={<Button onClick={onDismiss}>Dismiss</Button>}
    >
      {message}
      {kept > 0 ? ` ${countMessages(kept)} cannot be read and stay in the queue.` : null}
    </Notice>
  );
}

function Queues() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: DEAD_LETTERS,
    queryFn: ({ signal }) => api.deadLetters(signal),
  });
  const redrive = useMutation({
    mutationFn: (queue: Queue) => api.redrive(queue.name),
    onSuccess: ({ message }) => announce(message),
    onSettled: () => void client.invalidateQueries({ queryKey: DEAD_LETTERS }),
  });
  const { input, ask, dialog } = useConfirmed(redrive);

  return (
    <>
      <p>
        <Button onClick={() => void query.refetch()} disabled={query.isFetching}>
          <Icon name="retry" />
          Refresh
        </Button>
      </p>
      <FailedNotice title="The messages were not sent again" mutation={redrive} />
      {redrive.data ? <SentNotice {...redrive.data} onDismiss={() => redrive.reset()} /> : null}
      <Loaded query={query} what="the failed messages">
        {({ queues }) => <QueueList queues={queues} onSend={ask} />}
      </Loaded>
      <ConfirmDialog
        {...dialog}
        title={`Send ${countMessages(input?.count ?? 0)} again?`}
        confirmLabel="Send again"
        confirmTone="primary"
        cancelLabel="Cancel"
      >
        Fix the cause first, or the messages fail again. This is safe: a step that has already run
        does not run twice.
      </ConfirmDialog>
    </>
  );
}
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

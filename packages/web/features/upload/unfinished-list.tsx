"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { FailedNotice } from "../../components/ui/failed-notice.tsx";
import { Rows } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { Queries } from "../../lib/api-client/queries.tsx";
import { isolate } from "../../lib/isolate.ts";
import { useNow } from "../../lib/use-now.ts";
import { shortName } from "./names.ts";
import { useArrivedBytes, useDiscardUpload, useOpenUploads } from "./open-uploads.ts";
import { UnfinishedItem } from "./unfinished-item.tsx";
import { MOST_SHOWN, UnfinishedSection } from "./unfinished-section.tsx";
import { elsewhereRow, unfinishedRow } from "./unfinished-view.ts";
import { useContinue } from "./use-continue.tsx";
import { TakeOver, useElsewhere } from "./use-elsewhere.tsx";
import { useProvided } from "./use-uploads.ts";

type Props = {
  /** What the server rendered in the place of the list. */
  fallback: ReactNode;
  /** Moves the focus when the focused row is gone. */
  onGone(): void;
};

/** The user's unfinished uploads that this page does not send, each with a way to continue or discard it. */
export function UnfinishedList(props: Props) {
  return (
    <Queries fallback={props.fallback}>
      <Unfinished {...props} />
    </Queries>
  );
}

/** Those of the uploads that have not expired, and that no file of this page has. */
function useUnfinished(uploads: readonly Upload[]): Upload[] {
  const { engine } = useProvided();
  const nowMs = useNow();
  const isShown = (upload: Upload) =>
    Date.parse(upload.time.expires) > nowMs && !engine.engine()?.owns(upload);
  // A string, so that the list renders only when the uploads change, and not with every progress.
  const ids = useSyncExternalStore(
    engine.subscribe,
    () => uploads.flatMap((upload) => (isShown(upload) ? [upload.id] : [])).join(" "),
    () => "",
  );
  return uploads.filter(({ id }) => ids.split(" ").includes(id));
}

function Unfinished({ fallback, onGone }: Props) {
  const query = useOpenUploads();
  const unfinished = useUnfinished(query.data ?? []);
  const [all, setAll] = useState(false);
  const shown = all ? unfinished : unfinished.slice(0, MOST_SHOWN);
  const elsewhere = useElsewhere(unfinished);
  const arrived = useArrivedBytes(shown);
  const discarded = useRef(false);
  const removal = useConfirmed(useDiscardUpload(), ({ fileName }: Upload) => {
    discarded.current = true;
    return `The upload of ${isolate(shortName(fileName))} was discarded.`;
  });
  const isAsking = removal.dialog.open;
  useEffect(() => {
    if (isAsking || !discarded.current) return;
    discarded.current = false;
    // The closed dialog has returned the focus to the button of the row, which is gone.
    onGone();
  }, [isAsking, onGone]);
  const { problems, isKept, continueWith, input } = useContinue(query.data, onGone);
  const rowOf = (upload: Upload) => {
    const other = elsewhere.get(upload.id);
    return other
      ? elsewhereRow(upload, other.sentBytes ?? arrived.get(upload.id))
      : unfinishedRow(upload, arrived.get(upload.id));
  };
  if (query.isPending) return fallback;
  // Without an answer, nothing is shown: the list is fetched again when the user comes back to the page.
  if (unfinished.length === 0 && !isAsking) return null;

  return (
    <UnfinishedSection>
      <FailedNotice title="The upload was not discarded" mutation={removal.mutation} />
      <Rows label="Unfinished uploads">
        {shown.map((upload) => (
          <UnfinishedItem
            key={upload.id}
            upload={upload}
            row={rowOf(upload)}
            isElsewhere={elsewhere.has(upload.id)}
            problem={problems.get(upload.id)}
            isKept={isKept(upload)}
            onContinue={() => continueWith(upload)}
            onDiscard={() => removal.ask(upload)}
          />
        ))}
      </Rows>
      {shown.length < unfinished.length ? (
        <Button onClick={() => setAll(true)}>Show all {unfinished.length}</Button>
      ) : null}
      {input}
      {unfinished.map((upload) =>
        elsewhere.has(upload.id) ? <TakeOver key={upload.id} upload={upload} /> : null,
      )}
      <ConfirmDialog {...removal.dialog} title="Discard this upload?" confirmLabel="Discard">
        The uploaded part of “{shortName(removal.input?.fileName ?? "")}” is deleted. If the upload
        is running on another device, it stops.
      </ConfirmDialog>
    </UnfinishedSection>
  );
}

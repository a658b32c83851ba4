"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { Button } from "../../components/ui/button.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { RowItem } from "../../components/ui/section.tsx";
import type { UnfinishedRow } from "./unfinished-view.ts";

type Props = {
  upload: Upload;
  row: UnfinishedRow;
  /** Why the upload was not continued. */
  problem: string | undefined;
  onContinue(): void;
  onDiscard(): void;
};

/** One unfinished upload. */
export function UnfinishedItem({ upload, row, problem, onContinue, onDiscard }: Props) {
  const name = upload.fileName;
  return (
    <RowItem
      actions={
        <>
          <Button onClick={onContinue} aria-label={`Choose file ${name} to continue`}>
            Choose file
          </Button>
          <Button onClick={onDiscard} aria-label={`Discard the upload of ${name}`}>
            Discard
          </Button>
        </>
      }
    >
      <p className="truncate text-sm font-medium" title={name}>
        <bdi>{name}</bdi>
      </p>
      <Progress label={`What has arrived of ${name}`} value={row.bar} className="mt-2" />
      <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-muted tabular-nums">
        {row.facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {problem ? <p className="text-sm break-words text-danger">{problem}</p> : null}
    </RowItem>
  );
}

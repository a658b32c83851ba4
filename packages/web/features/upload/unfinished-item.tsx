"use client";

import { oneLine } from "@rushes/core/one-line";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { Button } from "../../components/ui/button.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { RowItem } from "../../components/ui/section.tsx";
import { shortName } from "./names.ts";
import type { UnfinishedRow } from "./unfinished-view.ts";

type Props = {
  upload: Upload;
  row: UnfinishedRow;
  /** Why the upload was not continued. */
  problem: string | undefined;
  /** True if the browser keeps the file, so that nobody has to choose it. */
  isKept: boolean;
  /** True while another tab sends it: there it can be paused and canceled. */
  isElsewhere: boolean;
  onContinue(): void;
  onDiscard(): void;
};

/** One unfinished upload. */
export function UnfinishedItem(props: Props) {
  const { upload, row, problem, isKept, isElsewhere, onContinue, onDiscard } = props;
  const name = shortName(upload.fileName);
  const [shown, label] = isKept
    ? ["Continue", `Continue the upload of ${name}`]
    : ["Choose file", `Choose file ${name} to continue`];
  return (
    <RowItem
      actions={
        isElsewhere ? null : (
          <>
            <Button onClick={onContinue} aria-label={label}>
              {shown}
            </Button>
            <Button onClick={onDiscard} aria-label={`Discard the upload of ${name}`}>
              Discard
            </Button>
          </>
        )
      }
    >
      <p className="truncate text-sm font-medium" title={oneLine(upload.fileName)}>
        <bdi>{oneLine(upload.fileName)}</bdi>
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

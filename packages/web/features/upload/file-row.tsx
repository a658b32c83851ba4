"use client";

import Link from "next/link";
import { memo, useRef } from "react";
import { buttonClass, IconButton } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Icon, type IconName } from "../../components/ui/icon.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import type { Engine } from "./engine.ts";
import type { UploadFile } from "./state.ts";
import { type Act, row } from "./view.ts";

const ACTS: Record<Act, { icon: IconName; label(name: string): string }> = {
  cancel: { icon: "stop", label: (name) => `Cancel the upload of ${name}` },
  retry: { icon: "retry", label: (name) => `Try ${name} again` },
  dismiss: { icon: "close", label: (name) => `Dismiss ${name}` },
};
const TONES = { quiet: "text-muted", danger: "text-danger", ok: "text-ok" } as const;

type Props = {
  file: UploadFile;
  engine: Pick<Engine, Act>;
  /** Where the focus goes when this row is gone. */
  onDismissed(): void;
};

/** One file: its name, how it stands, and what can be done about it. */
export const FileRow = memo(function FileRow({ file, engine, onDismissed }: Props) {
  const self = useRef<HTMLLIElement>(null);
  const shown = row(file);
  const act = (name: Act) => {
    engine[name](file.key);
    // The pressed button goes away with what it did: the focus must not fall to the top of the page.
    if (name === "dismiss") onDismissed();
    else self.current?.focus();
  };
  return (
    <li
      ref={self}
      tabIndex={-1}
      data-status={file.status}
      className="flex items-start gap-3 px-4 py-3"
    >
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 text-sm font-medium break-all" title={file.name}>
          {file.name}
        </p>
        {shown.bar === undefined ? null : (
          <Progress
            label={`Upload of ${file.name}`}
            value={shown.bar === "unknown" ? undefined : shown.bar}
            className="mt-2"
          />
        )}
        <p className={cx("mt-1 text-sm tabular-nums", TONES[shown.tone])}>{shown.text}</p>
      </div>
      {shown.jobHref ? (
        <Link
          href={shown.jobHref}
          aria-label={`Open the video ${file.name}`}
          className={buttonClass("secondary")}
        >
          Open
        </Link>
      ) : null}
      {shown.acts.map((name) => (
        <IconButton key={name} label={ACTS[name].label(file.name)} onClick={() => act(name)}>
          <Icon name={ACTS[name].icon} />
        </IconButton>
      ))}
    </li>
  );
});

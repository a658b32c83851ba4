"use client";

import type { Info } from "@rushes/core/share/schema";
import { useEffect, useRef } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { selectText } from "../../lib/select-text.ts";
import { CopyButton } from "./copy-button.tsx";
import { shareFacts } from "./share-view.ts";

type Props = {
  share: Info;
  now: number;
  /** The embed code, if the video may be embedded. */
  code?: string | undefined;
  /** True for the link that was just created. Its URL is selected. */
  isNew: boolean;
  onAnnounce(sentence: string): void;
  onRevoke(): void;
};
export function ShareRow({ share, now, code, isNew, onAnnounce, onRevoke }: Props) {
  const url = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!isNew) return;
    url.current?.focus();
    // With the buttons: on a phone, the focus shows only the field.
    url.current?.closest("li")?.scrollIntoView({ block: "nearest" });
  }, [isNew]);

  function copied(what: string, done: boolean) {
    if (done) return onAnnounce(`${what} copied.`);
    url.current?.focus();
    onAnnounce("The browser blocked copying. The link is selected: press Ctrl+C or ⌘C.");
  }

  return (
    <li className="space-y-2 py-4" data-share={share.id}>
      <input
        ref={url}
        readOnly
        value={share.url}
        aria-label="Link"
        onFocus={(event) => selectText(event.currentTarget)}
        className="min-h-9 w-full truncate rounded-lg border border-control bg-sunken px-3 font-mono text-sm pointer-coarse:min-h-11"
      />
      <p className="text-sm text-muted">{shareFacts(share, now).join(" · ")}</p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={share.url} label="Copy link" onCopied={(done) => copied("Link", done)} />
        {code === undefined ? null : (
          <CopyButton
            text={code}
            label="Copy embed code"
            onCopied={(done) => copied("Embed code", done)}
          />
        )}
        <Button tone="quiet" onClick={onRevoke} className="ml-auto">
          <ActionIcon name="trash" />
          Revoke
        </Button>
      </div>
    </li>
  );
}

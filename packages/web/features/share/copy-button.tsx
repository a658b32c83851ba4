"use client";

import { useEffect, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";

const SHOWN_MS = 3_000;

type Props = {
  text: string;
  label: string;
  /** Called with the success, to announce it: the page's live region is inert behind a dialog. */
  onCopied(done: boolean): void;
};

/** Copies a text, and confirms it briefly. */
export function CopyButton({ text, label, onCopied }: Props) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    // The clipboard is missing over plain http, and rejects if the user has blocked it.
    const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    setCopied(done);
    onCopied(done);
  }

  return (
    <Button onClick={() => void copy()} data-copy={copied ? "done" : "idle"}>
      <ActionIcon name={copied ? "check" : "link"} />
      {copied ? "Copied" : label}
    </Button>
  );
}

"use client";

import { useEffect, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";

const SHOWN_MS = 3_000;

type Props = {
  text: string;
  label: string;
  /** Told what happened, to say it aloud: a page behind a dialog cannot. */
  onCopied(done: boolean): void;
};

/** Copies a text, and shows for a while that it did. */
export function CopyButton({ text, label, onCopied }: Props) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    // Missing where the page came by plain http, and refused where the browser was told to.
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

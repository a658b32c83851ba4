"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { selectText } from "../../lib/select-text.ts";

type Props = {
  /** What it is, such as "token". */
  noun: string;
  name: string;
  secret: string;
  /** What people who have it can do. */
  warning: string;
  /** What else belongs to it. */
  children?: ReactNode;
  onDone(): void;
};

/** A secret that is shown only once. */
export function SecretOnce({ noun, name, secret, warning, children, onDone }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [status, setStatus] = useState("");

  useEffect(() => {
    // Selects it, too.
    field.current?.focus();
  }, []);

  async function copy() {
    try {
      await navigator.clipboard.writeText(secret);
      setStatus("Copied.");
    } catch {
      // Without https, or if the user denied it: select the field, so that the keyboard shortcut works.
      field.current?.focus();
      setStatus(`The browser blocked copying. The ${noun} is selected: press Ctrl+C or ⌘C.`);
    }
  }

  return (
    <div className="mt-4 space-y-4">
      <Notice title={`Copy the ${noun} now. You won't see it again.`}>
        {warning} Store it like a password, and never in a repository.
      </Notice>
      {children}
      <div>
        <label htmlFor={id} className="mb-1 block text-sm font-medium">
          {noun.charAt(0).toUpperCase() + noun.slice(1)} “<bdi>{name}</bdi>”
        </label>
        <div className="flex flex-wrap gap-2">
          <input
            ref={field}
            id={id}
            readOnly
            value={secret}
            autoComplete="off"
            spellCheck={false}
            onFocus={(event) => selectText(event.target)}
            className="min-h-9 min-w-0 flex-1 basis-64 rounded-lg border border-control bg-sunken px-3 py-1.5 font-mono text-sm pointer-coarse:min-h-11"
          />
          <Button onClick={() => void copy()}>
            <ActionIcon name="copy" />
            Copy
          </Button>
        </div>
        <p role="status" className="mt-1.5 min-h-5 text-sm text-muted">
          {status}
        </p>
      </div>
      <div className="flex justify-end">
        <Button tone="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

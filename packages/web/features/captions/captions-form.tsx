"use client";

import { type ChangeEvent, type FormEvent, useId, useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { guessLanguage, languageOptions } from "./captions-view.ts";
import type { NewCaptions } from "./requests.ts";

type Props = {
  busy: boolean;
  problem?: string | undefined;
  onAdd(input: NewCaptions, done: () => void): void;
};

/** The form for a captions file: the file, its language, and the name in the player's menu. */
export function CaptionsForm({ busy, problem, onAdd }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [language, setLanguage] = useState(() => guessLanguage("", navigator.language));
  const id = useId();

  function chosen(event: ChangeEvent<HTMLInputElement>) {
    const [file] = event.currentTarget.files ?? [];
    if (file) setLanguage(guessLanguage(file.name, language));
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const file = fields.get("file");
    if (busy || !(file instanceof File)) return;
    const name = String(fields.get("name")).trim();
    onAdd({ file, language, name }, () => form.current?.reset());
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4" aria-label="New captions">
      <TextField
        id={`${id}-file`}
        name="file"
        type="file"
        label="File"
        className="captions-file"
        accept=".vtt,.srt,text/vtt,application/x-subrip"
        required
        onChange={chosen}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          id={`${id}-language`}
          name="language"
          label="Language"
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
          options={languageOptions(language)}
        />
        <TextField
          id={`${id}-name`}
          name="name"
          label="Name (optional)"
          maxLength={100}
          autoComplete="off"
        />
      </div>
      {problem === undefined ? null : (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <Button type="submit" tone="primary" aria-disabled={busy}>
        {busy ? "Adding captions…" : "Add captions"}
      </Button>
    </form>
  );
}

"use client";

import type { Listed } from "@rushes/core/captions/schema";
import { type FormEvent, useId, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button, ButtonAnchor } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { captionsFacts, languageOptions } from "./captions-view.ts";
import type { useCaptions } from "./use-captions.ts";

type Update = ReturnType<typeof useCaptions>["update"];
type Props = {
  captions: Listed;
  update: Update;
  onAnnounce(sentence: string): void;
  onRemove(): void;
};

/** One captions file. A form for another name and language replaces it. */
export function CaptionsRow({ captions, update, onAnnounce, onRemove }: Props) {
  const [editing, setEditing] = useState(false);
  const { name } = captions;
  if (editing) {
    return (
      <li className="py-4">
        <EditForm
          captions={captions}
          update={update}
          onEnd={(saved) => {
            setEditing(false);
            if (saved) onAnnounce("Captions changed.");
          }}
        />
      </li>
    );
  }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4" data-captions={captions.id}>
      <div className="min-w-0 grow">
        <p className="text-sm font-semibold wrap-anywhere">
          <bdi>{name}</bdi>
        </p>
        <p className="text-sm text-muted">{captionsFacts(captions).join(" · ")}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        <ButtonAnchor
          href={captions.downloadUrl}
          tone="quiet"
          download
          aria-label={`Download the captions ${name}`}
        >
          <ActionIcon name="download" />
          Download
        </ButtonAnchor>
        <Button
          tone="quiet"
          onClick={() => setEditing(true)}
          aria-label={`Edit the captions ${name}`}
        >
          <ActionIcon name="pencil" />
          Edit
        </Button>
        <Button tone="quiet" onClick={onRemove} aria-label={`Remove the captions ${name}`}>
          <ActionIcon name="trash" />
          Remove
        </Button>
      </div>
    </li>
  );
}

type EditProps = { captions: Listed; update: Update; onEnd(saved: boolean): void };

function EditForm({ captions, update, onEnd }: EditProps) {
  const id = useId();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [name, language] = ["name", "language"].map((field) => String(fields.get(field)));
    update.mutate({ id: captions.id, name, language }, { onSuccess: () => onEnd(true) });
  }

  return (
    <form onSubmit={submit} aria-label={`Edit the captions ${captions.name}`} className="space-y-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          id={`${id}-name`}
          name="name"
          label="Name"
          defaultValue={captions.name}
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
        <Select
          id={`${id}-language`}
          name="language"
          label="Language"
          defaultValue={captions.language}
          options={languageOptions(captions.language)}
        />
      </div>
      {update.isError ? (
        <p role="alert" className="text-sm text-danger">
          {update.error.message}
        </p>
      ) : null}
      <div className="flex gap-2">
        <Button type="submit" tone="primary" disabled={update.isPending}>
          Save
        </Button>
        <Button tone="quiet" onClick={() => onEnd(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

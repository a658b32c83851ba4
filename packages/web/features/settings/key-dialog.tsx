"use client";

import type { Created, New } from "@rushes/core/access-key/schema";
import type { Info as User } from "@rushes/core/user/schema";
import { type UseMutationResult, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { call } from "../../lib/api-client/call.ts";
import { SecretOnce } from "./secret-once.tsx";

type Props = {
  open: boolean;
  signIn: boolean;
  create: UseMutationResult<Created, Error, New>;
  onClose(): void;
};

/** Creates an access key, and shows its secret once. */
export function KeyDialog({ open, signIn, create, onClose }: Props) {
  const created = create.data;
  function close() {
    // Forget the secret when the dialog closes.
    create.reset();
    onClose();
  }
  return (
    <Modal open={open} title={created ? "Your new access key" : "New access key"} onClose={close}>
      {created ? (
        <SecretOnce
          noun="secret access key"
          name={created.key.name}
          secret={created.secret}
          warning="Anyone with this key can put videos into the bucket."
          onDone={close}
        >
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            <Fact term="Access key ID" text={created.key.id} />
            <Fact term="Endpoint" text={created.endpoint} />
            <Fact term="Bucket" text={created.bucket} />
            <Fact term="Region" text="us-east-1" />
          </dl>
        </SecretOnce>
      ) : (
        <KeyForm signIn={signIn} create={create} onCancel={close} />
      )}
    </Modal>
  );
}

function Fact({ term, text }: { term: string; text: string }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="font-mono break-all">{text}</dd>
    </>
  );
}

function KeyForm({
  signIn,
  create,
  onCancel,
}: Pick<Props, "signIn" | "create"> & { onCancel(): void }) {
  const id = useId();
  const users = useQuery({
    queryKey: ["users", "of keys"],
    queryFn: ({ signal }) => call<{ users: User[] }>("/admin/users?limit=100", { signal }),
    enabled: signIn,
  });
  const active = (users.data?.users ?? []).filter(({ disabled }) => !disabled);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const ownerId = String(fields.get("owner") ?? "");
    create.mutate({
      name: String(fields.get("name") ?? "").trim(),
      ...(ownerId !== "" && { ownerId }),
    });
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-5">
      <TextField
        id={`${id}-name`}
        name="name"
        label="Name"
        placeholder="Card reader"
        required
        pattern=".*\S.*"
        title="Enter a name, so that you can recognize the key in the list."
        maxLength={100}
        autoComplete="off"
      />
      {signIn ? (
        <Select
          id={`${id}-owner`}
          name="owner"
          label="Owner of the videos"
          options={[
            { value: "", label: "You" },
            ...active.map((user) => ({ value: user.id, label: user.email })),
          ]}
        />
      ) : null}
      {create.isError ? (
        <Notice role="alert" tone="danger" title="The access key was not created">
          {create.error.message}
        </Notice>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          Create access key
        </Button>
      </div>
    </form>
  );
}

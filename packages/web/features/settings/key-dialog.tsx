"use client";

import type { Created, New } from "@rushes/core/access-key/schema";
import type { Info as User } from "@rushes/core/user/schema";
import { type UseMutationResult, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Select } from "../../components/ui/field.tsx";
import { call } from "../../lib/api-client/call.ts";
import { SecretDialog, SecretForm } from "./secret-dialog.tsx";
import { SecretOnce } from "./secret-once.tsx";

type Props = {
  open: boolean;
  signIn: boolean;
  create: UseMutationResult<Created, Error, New>;
  onClose(): void;
};

const NOUN = "access key";

/** Creates an access key, and shows its secret once. */
export function KeyDialog({ open, signIn, create, onClose }: Props) {
  return (
    <SecretDialog
      open={open}
      noun={NOUN}
      create={create}
      onClose={onClose}
      form={(close) => <KeyForm signIn={signIn} create={create} onCancel={close} />}
      secret={({ key, secret, endpoint, bucket }, close) => (
        <SecretOnce
          noun="secret access key"
          name={key.name}
          secret={secret}
          warning="Anyone with this key can put videos into the bucket."
          onDone={close}
        >
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            <Fact term="Access key ID" text={key.id} />
            <Fact term="Endpoint" text={endpoint} />
            <Fact term="Bucket" text={bucket} />
            <Fact term="Region" text="us-east-1" />
          </dl>
        </SecretOnce>
      )}
    />
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

  function submit(name: string, fields: FormData) {
    const ownerId = String(fields.get("owner") ?? "");
    create.mutate({ name, ...(ownerId !== "" && { ownerId }) });
  }

  return (
    <SecretForm
      noun={NOUN}
      placeholder="Card reader"
      create={create}
      onSubmit={submit}
      onCancel={onCancel}
    >
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
    </SecretForm>
  );
}

"use client";

import { type FormEvent, type ReactNode, useId } from "react";
import { Button } from "../../components/ui/button.tsx";
import { TextField } from "../../components/ui/field.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { Notice } from "../../components/ui/notice.tsx";

/** The request that creates what the dialog is for. */
interface Creation<Created> {
  data: Created | undefined;
  error: Error | null;
  isPending: boolean;
  reset(): void;
}

type DialogProps<Created> = {
  open: boolean;
  /** What it creates, such as "token". */
  noun: string;
  create: Creation<Created>;
  onClose(): void;
  form(close: () => void): ReactNode;
  secret(created: Created, close: () => void): ReactNode;
};

/** A form that creates something with a secret, and then the secret. */
export function SecretDialog<Created>(props: DialogProps<Created>) {
  const { open, noun, create, onClose, form, secret } = props;
  const created = create.data;
  function close() {
    // Forget the secret when the dialog closes.
    create.reset();
    onClose();
  }
  return (
    <Modal open={open} title={created ? `Your new ${noun}` : `New ${noun}`} onClose={close}>
      {created ? secret(created, close) : form(close)}
    </Modal>
  );
}

type FormProps = {
  noun: string;
  placeholder: string;
  create: Pick<Creation<unknown>, "error" | "isPending">;
  onSubmit(name: string, fields: FormData): void;
  onCancel(): void;
  /** The fields after the name. */
  children?: ReactNode;
};

/** The form of such a dialog: a name, further fields, and why the request failed. */
export function SecretForm({ noun, placeholder, create, onSubmit, onCancel, children }: FormProps) {
  const id = useId();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    onSubmit(String(fields.get("name") ?? "").trim(), fields);
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-5">
      <TextField
        id={id}
        name="name"
        label="Name"
        placeholder={placeholder}
        required
        pattern=".*\S.*"
        title={`Enter a name, so that you can recognize the ${noun} in the list.`}
        maxLength={100}
        autoComplete="off"
      />
      {children}
      {create.error ? (
        <Notice role="alert" tone="danger" title={`The ${noun} was not created`}>
          {create.error.message}
        </Notice>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          Create {noun}
        </Button>
      </div>
    </form>
  );
}

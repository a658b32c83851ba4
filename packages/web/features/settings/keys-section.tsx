"use client";

import type { Created, Info as Key, New } from "@rushes/core/access-key/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { RowItem, Rows } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { call, RequestError } from "../../lib/api-client/call.ts";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { KeyDialog } from "./key-dialog.tsx";
import { RemovalSection } from "./removal-section.tsx";

const KEYS = ["keys"];

/** Undefined keys on AWS, where IAM makes them: the reason, to show instead. */
type Listed = { keys: Key[]; reason?: undefined } | { keys?: undefined; reason: string };

async function fetchKeys(signal: AbortSignal): Promise<Listed> {
  try {
    return await call<{ keys: Key[] }>("/keys", { signal });
  } catch (error) {
    if (error instanceof RequestError && error.code === "key.unsupported") {
      return { reason: error.message };
    }
    throw error;
  }
}

function useKeys() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: KEYS });
  return {
    query: useQuery({ queryKey: KEYS, queryFn: ({ signal }) => fetchKeys(signal) }),
    // The secret must not outlive the dialog that shows it.
    create: useMutation({
      mutationFn: (body: New) => call<Created>("/keys", { method: "POST", body }),
      gcTime: 0,
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: ({ id }: Key) => call<void>(`/keys/${id}`, { method: "DELETE" }),
      onSuccess,
    }),
  };
}

function KeyRow({ accessKey, onRevoke }: { accessKey: Key; onRevoke(): void }) {
  const { id, name, ownerEmail, time } = accessKey;
  return (
    <RowItem
      actions={
        <Button onClick={onRevoke} aria-label={`Revoke the access key ${name}`}>
          Revoke
        </Button>
      }
    >
      <p className="text-sm font-semibold">
        <bdi>{name}</bdi>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span className="font-mono text-xs leading-5">{id}</span>
        <span>Videos of {ownerEmail}</span>
        <span>Created {formatMoment(time.created)}</span>
      </p>
    </RowItem>
  );
}

/** The access keys with which S3 tools upload, for admins. */
export function KeysSection({ signIn }: { signIn: boolean }) {
  const { query, create, revoke } = useKeys();
  const removal = useConfirmed(revoke, ({ name }) => `Access key ${isolate(name)} revoked.`);
  const [creating, setCreating] = useState(false);

  return (
    <RemovalSection
      id="keys"
      title="Access keys"
      about="For S3 tools such as rclone. A key lists the uploads bucket and puts videos of one user into it, and nothing else."
      actions={
        query.data?.keys ? (
          <Button tone="primary" onClick={() => setCreating(true)}>
            New access key
          </Button>
        ) : undefined
      }
      removal={removal}
      dialog={{
        title: "Revoke this access key?",
        confirmLabel: "Revoke",
        body: (
          <>
            Tools that use “<bdi>{removal.input?.name}</bdi>” are rejected within seconds. You
            cannot undo this.
          </>
        ),
      }}
      failed="The access key was not revoked"
    >
      <Loaded query={query} what="the access keys">
        {({ keys = [], reason }) =>
          keys.length === 0 ? (
            <p className="rounded-frame border border-dashed border-control px-5 py-6 text-sm text-muted">
              {reason ?? "No access keys yet."}
            </p>
          ) : (
            <Rows label="Access keys">
              {keys.map((key) => (
                <KeyRow key={key.id} accessKey={key} onRevoke={() => removal.ask(key)} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <KeyDialog
        open={creating}
        signIn={signIn}
        create={create}
        onClose={() => setCreating(false)}
      />
    </RemovalSection>
  );
}

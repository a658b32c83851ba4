/** Access keys for S3 tools. */
import { answer, type Client } from "@rushes/client";
import { formatUtc } from "@rushes/core/format";
import { print } from "./print.ts";

/** Safe between a shell's single quotes, whatever is in it. */
const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

export interface AddKeyFlags {
  owner?: string;
  json?: boolean;
}

/** Creates a key, and prints what a tool needs as shell commands. */
export async function addKey(client: Client, name: string, { owner, json }: AddKeyFlags) {
  const made = await answer(client.POST("/api/keys", { body: { name, ownerId: owner } }));
  if (json) return print(JSON.stringify(made));
  const { key, secret, endpoint, bucket } = made;
  process.stderr.write(`${key.id} puts videos of ${key.ownerEmail} into the bucket ${bucket}.\n`);
  process.stderr.write("Copy its secret now. It is shown only once:\n");
  const variables = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
  };
  for (const [variable, value] of Object.entries(variables)) {
    print(`export ${variable}=${quoted(value)}`);
  }
}

/** Prints all keys, one per line. */
export async function listKeys(client: Client, { json }: { json?: boolean }) {
  const { keys } = await answer(client.GET("/api/keys"));
  if (keys.length === 0 && !json) process.stderr.write("There are no access keys.\n");
  for (const key of keys) {
    if (json) print(JSON.stringify(key));
    else print([key.id, formatUtc(key.time.created), key.ownerEmail, key.name].join("  "));
  }
}

export async function revokeKeys(client: Client, ids: string[]) {
  for (const id of ids) {
    await answer(client.DELETE("/api/keys/{id}", { params: { path: { id } } }));
    print(`${id}: revoked`);
  }
}

/** A client of the public API, with a token or, if the instance needs no sign-in, without one. */
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { messageOf } from "./message.ts";

const REQUEST_MS = 30_000;
const Problem = z.object({ code: z.string(), message: z.string() });
const Time = z.iso.datetime();
/** The ID of a job that does not exist. A request for it shows whether the token may make such requests. */
export const NO_JOB = `job_${"0".repeat(26)}`;

/** Only the fields that are used here. Another release may return more. */
const Health = z.object({
  ok: z.literal(true),
  name: z.string(),
  stage: z.string(),
  version: z.string().optional(),
  commit: z.string().optional(),
});
export const Created = z.object({
  results: z
    .array(
      z.union([
        z.object({
          upload: z.object({
            id: z.string(),
            plan: z.object({
              kind: z.string(),
              partCount: z.number().optional(),
              partSizeBytes: z.number().optional(),
            }),
          }),
        }),
        z.object({ error: Problem }),
      ]),
    )
    .length(1),
});
export const Signed = z.object({
  requests: z.array(
    z.object({
      partNumber: z.number().optional(),
      url: z.url(),
      headers: z.record(z.string(), z.string()),
      sizeBytes: z.number(),
    }),
  ),
});
export const Uploaded = z.object({
  upload: z.object({ status: z.string(), jobId: z.string().optional() }),
});
export const Page = z.object({ now: Time });
export const Changes = z.object({
  changes: z.array(
    z.union([
      z.object({
        type: z.literal("job"),
        job: z.object({
          id: z.string(),
          uploadId: z.string().optional(),
          status: z.string(),
          failureMessage: z.string().optional(),
        }),
      }),
      z.object({ type: z.literal("deleted"), id: z.string() }),
    ]),
  ),
  nextSince: Time,
});
export const Details = z.object({
  job: z.object({ title: z.string(), posterUrl: z.url().optional() }),
  renditions: z.array(
    z.object({
      label: z.string(),
      kind: z.string(),
      sizeBytes: z.number(),
      videoCodec: z.string().optional(),
      audioCodec: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      durationSeconds: z.number().optional(),
    }),
  ),
  events: z.array(
    z.object({
      type: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    }),
  ),
});
export type Details = z.infer<typeof Details>;

export interface Api {
  origin: string;
  /** Throws a CliError unless the response matches the schema. */
  json<T>(schema: z.ZodType<T>, path: string, init?: Init): Promise<T>;
  /** Throws a CliError unless the request succeeds. */
  send(path: string, init?: Init): Promise<void>;
}
interface Init {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  /** A status that also counts as success. */
  allow?: number;
}

/** The API of the instance at `url`. */
export function api(url: string, token?: string): Api {
  const origin = originOf(url);
  async function request(path: string, { method = "GET", body, signal, allow }: Init = {}) {
    const signals = [AbortSignal.timeout(REQUEST_MS), ...(signal ? [signal] : [])];
    const response = await fetch(`${origin}/api${path}`, {
      method,
      signal: AbortSignal.any(signals),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: JSON.stringify(body),
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new CliError(`Could not connect to ${origin}: ${messageOf(error)}`);
    });
    if (response.ok || response.status === allow) return response;
    throw await errorOf(response, token !== undefined);
  }
  return {
    origin,
    async json(schema, path, init) {
      const response = await request(path, init);
      const parsed = schema.safeParse(await response.json().catch(() => undefined));
      if (parsed.success) return parsed.data;
      throw new CliError(`${origin}/api${path} did not return what the Rushes API returns.`);
    },
    async send(path, init) {
      await (await request(path, init)).body?.cancel();
    },
  };
}

/** Checks that this is Rushes and that the token has every scope. These requests change nothing. */
export async function checkAccess(api: Api, signal: AbortSignal): Promise<void> {
  await api.json(Health, "/health", { signal });
  await api.send("/account", { signal });
  await api.send("/uploads", { signal });
  await api.send(`/jobs/${NO_JOB}/shares`, { signal, allow: 404 });
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.origin;
  throw new CliError(`"${url}" is not a URL. Use one like https://video.example.com.`);
}

async function errorOf(response: Response, hasToken: boolean): Promise<CliError> {
  const path = new URL(response.url).pathname;
  const body = Problem.safeParse(await response.json().catch(() => undefined));
  if (!body.success) {
    return new CliError(
      `${response.url} returned ${response.status}. It is not a Rushes instance.`,
    );
  }
  const { code, message } = body.data;
  if (code === "actor.required") {
    return new CliError(
      hasToken
        ? "The token is mistyped, revoked, or expired. Create another one on the settings page."
        : "This instance requires sign-in. Pass a token with the scopes upload, read and manage: --token TOKEN",
    );
  }
  if (code === "actor.scope") {
    return new CliError(
      "The token lacks a scope. Create one with the scopes upload, read and manage.",
    );
  }
  return new CliError(`${path} returned ${response.status} ${code}: ${message}`);
}

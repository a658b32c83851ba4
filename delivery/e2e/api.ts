/** The public API as a program uses it: by a token, or by nothing where a home asks for no sign-in. */
import * as z from "zod";
import { Sentence, sentenceOf } from "./sentence.ts";

const REQUEST_MS = 30_000;
const Refused = z.object({ code: z.string(), message: z.string() });
const Time = z.iso.datetime();
/** What is no id of anything: asking for it tells whether one may ask. */
export const NO_JOB = `job_${"0".repeat(26)}`;

/** Only what this looks at: another release of the app may say more. */
export const Health = z.object({
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
        z.object({ error: Refused }),
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
  /** Throws a Sentence for everything that is not the answer hoped for. */
  ask<T>(schema: z.ZodType<T>, path: string, init?: Ask): Promise<T>;
  /** The same without reading what is answered. */
  tell(path: string, init?: Ask): Promise<void>;
}
interface Ask {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  /** A status that is as good as a success. */
  or?: number;
}

/** The API of the Rushes at `url`. */
export function api(url: string, token?: string): Api {
  const origin = originOf(url);
  async function send(path: string, { method = "GET", body, signal, or }: Ask) {
    const signals = [AbortSignal.timeout(REQUEST_MS), ...(signal ? [signal] : [])];
    const response = await fetch(`${origin}/api${path}`, {
      method,
      signal: AbortSignal.any(signals),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new Sentence(`Nothing answers at ${origin}: ${sentenceOf(error)}`);
    });
    if (response.ok || response.status === or) return response;
    throw await refusal(response, token !== undefined);
  }
  return {
    origin,
    async ask(schema, path, init = {}) {
      const response = await send(path, init);
      const parsed = schema.safeParse(await response.json().catch(() => undefined));
      if (parsed.success) return parsed.data;
      throw new Sentence(`What ${origin}/api${path} answers is not what a Rushes answers.`);
    },
    async tell(path, init = {}) {
      await (await send(path, init)).body?.cancel();
    },
  };
}

/** What it is, and that the token may do all that comes; asks for nothing that would leave a trace. */
export async function greet(of: Api, signal: AbortSignal): Promise<z.infer<typeof Health>> {
  const health = await of.ask(Health, "/health", { signal });
  await of.tell("/account", { signal });
  await of.tell("/uploads", { signal });
  await of.tell(`/jobs/${NO_JOB}/shares`, { signal, or: 404 });
  return health;
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.origin;
  throw new Sentence(`"${url}" is no address; give one like https://video.example.com.`);
}

async function refusal(response: Response, hasToken: boolean): Promise<Sentence> {
  const path = new URL(response.url).pathname;
  const body = Refused.safeParse(await response.json().catch(() => undefined));
  if (!body.success) {
    return new Sentence(`${response.url} answers ${response.status}; that is no Rushes.`);
  }
  const { code, message } = body.data;
  if (code === "actor.required") {
    return new Sentence(
      hasToken
        ? "The token opens nothing: it is mistyped, was revoked, or has ended. Make another one on the settings page."
        : "This Rushes asks for a sign-in; give a token of the scopes upload, read and manage: --token TOKEN",
    );
  }
  if (code === "actor.scope") {
    return new Sentence(
      "The token may not do all of this; make one with the scopes upload, read and manage.",
    );
  }
  return new Sentence(`${path} refuses with ${response.status}, ${code}: ${message}`);
}

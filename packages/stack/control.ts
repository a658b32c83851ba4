/**
 * The endpoint for commands in other terminals: JSON on 127.0.0.1, with the token of run.json, which only the file's
 * owner can read.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Runner } from "@rushes/aws-local/lambda/index";
import { createHttpServer } from "@rushes/aws-local/wire/http-server";
import { type Listening, listen } from "@rushes/aws-local/wire/listen";
import { readBody } from "@rushes/aws-local/wire/read-body";
import * as z from "zod";

/** The functions of the runner that commands may call. */
type Controlled = Pick<Runner, "invoke"> & {
  deadLetters: Pick<Runner["deadLetters"], "list" | "redrive">;
};

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const Invoke = z.object({ function: z.string().min(1), payload: z.unknown() });
const Redrive = z.object({ queue: z.string().min(1).optional() });

/** `GET /dead-letters?queue=`, `POST /dead-letters/redrive {queue?}`, `POST /invoke {function, payload}`. */
export async function startControl(
  options: { host: string; token: string },
  controlled: Controlled,
): Promise<Listening> {
  const { host, token } = options;
  const handle = (message: IncomingMessage, response: ServerResponse) => {
    answer(message, token, controlled).then(
      ([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      },
      (error) => {
        response.writeHead(500, { "content-type": "application/json" });
        response.end(JSON.stringify({ message: String(error) }));
      },
    );
  };
  return listen(createHttpServer(handle, { hosts: "own" }), { host, port: 0 });
}

async function answer(
  message: IncomingMessage,
  token: string,
  { deadLetters, invoke }: Controlled,
): Promise<[status: number, body: unknown]> {
  if (!isToken(message.headers.authorization, token)) {
    return [403, { message: "Only commands of the user who started Rushes are accepted." }];
  }
  // Not relative to a base: a path such as `//` would be another host.
  const url = new URL(`http://control${message.url ?? "/"}`);
  switch (`${message.method} ${url.pathname}`) {
    case "GET /dead-letters":
      return [200, await deadLetters.list(url.searchParams.get("queue") ?? undefined)];
    case "POST /dead-letters/redrive": {
      const { queue } = Redrive.parse(await bodyOf(message));
      return [200, { redriven: await deadLetters.redrive(queue) }];
    }
    case "POST /invoke": {
      const { function: name, payload } = Invoke.parse(await bodyOf(message));
      return [200, { result: await invoke(name, payload) }];
    }
    default:
      return [404, { message: "Not found." }];
  }
}

function isToken(given: string | undefined, token: string): boolean {
  const left = Buffer.from(given ?? "");
  const right = Buffer.from(`Bearer ${token}`);
  return left.length === right.length && timingSafeEqual(left, right);
}

async function bodyOf(message: IncomingMessage): Promise<unknown> {
  const body = await readBody(message, MAX_BODY_BYTES);
  if (!body) throw new Error("The body is too large.");
  return JSON.parse(body.toString("utf8") || "{}");
}

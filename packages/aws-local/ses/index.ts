/** SES v2 on one machine: takes mails on SES's wire, keeps them as files, and shows them as an inbox. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { BusEvent } from "../lambda/index.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { listen } from "../wire/listen.ts";
import type { Credentials } from "../wire/signature.ts";
import { answerInbox } from "./inbox.ts";
import { openStore } from "./store.ts";
import { damagedMails } from "./verify.ts";
import { answerWire } from "./wire.ts";

export interface MailOptions {
  /** A folder of its own; the mails lie in it as `<message id>.eml`. */
  dataDir: string;
  host: string;
  /** 0: any free one. */
  port: number;
  region: string;
  credentials: Credentials;
  /** Takes what becomes of mails that name the configuration set; durable when it resolves. */
  emit?(events: BusEvent[]): Promise<void>;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?(sentence: string): void;
}

export interface Mail {
  /** For AWS_ENDPOINT_URL_SESV2. */
  url: string;
  inboxUrl: string;
  close(): Promise<void>;
}

/** Starts the mail server. A SendEmail that was answered is on the disk. */
export async function start(options: MailOptions): Promise<Mail> {
  const { region, credentials, emit } = options;
  const store = await openStore(options.dataDir);
  // Not waited for: a damaged mail is shown as it is.
  const checking = reportDamage(options).catch(() => {});

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.url?.startsWith("/v2/")) {
      return answerWire(message, response, { region, credentials, store, ...(emit && { emit }) });
    }
    return answerInbox(message, response, store);
  }

  const handle = (message: IncomingMessage, response: ServerResponse) => {
    answer(message, response).catch((error) => {
      process.stderr.write(`mail: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("Something went wrong here. Try again.");
    });
  };
  const { url, close } = await listen(createHttpServer(handle, { hosts: "own" }), options);
  const stop = async () => {
    await close();
    await checking;
  };
  return { url, inboxUrl: `${url}/`, close: stop };
}

async function reportDamage({ dataDir, onDamage }: MailOptions): Promise<void> {
  const { damaged } = await damagedMails(dataDir);
  if (damaged.length === 0) return;
  onDamage?.(
    `Mails are damaged (${damaged.length}) and stay as they are, such as ${join(dataDir, damaged[0] ?? "")}. Restore them from a backup, or delete them in the inbox.`,
  );
}

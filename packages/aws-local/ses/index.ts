/** SES v2 on one machine: accepts mail through SES's API, stores it as files, and shows it in an inbox. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { BusEvent } from "../lambda/bus-event.ts";
import { createHandler } from "../wire/endpoint.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { listen } from "../wire/listen.ts";
import type { Credentials } from "../wire/signature.ts";
import { handleInbox } from "./inbox.ts";
import { sendEmailService } from "./send-email.ts";
import { MailStore } from "./store.ts";
import { damagedMails } from "./verify.ts";

export interface MailServerOptions {
  /** A folder for mails only. It stores them as `<message id>.eml`. */
  dataDir: string;
  host: string;
  /** 0 for any free port. */
  port: number;
  region: string;
  credentials: Credentials;
  /** Receives the events of mails with a configuration set. They are durable when it resolves. */
  emit?(events: BusEvent[]): Promise<void>;
  /** Receives one sentence for each damage found in the data. */
  onDamage?(sentence: string): void;
}

export interface MailServer {
  /** For AWS_ENDPOINT_URL_SESV2. */
  url: string;
  inboxUrl: string;
  close(): Promise<void>;
}

/** Starts the mail server. A mail is on disk before SendEmail responds. */
export async function start(options: MailServerOptions): Promise<MailServer> {
  const { region, credentials, emit } = options;
  const store = await MailStore.open(options.dataDir);
  // Not awaited: the inbox shows a damaged mail as it is.
  const checking = reportDamage(options).catch(() => {});
  const api = createHandler({ region, credentials }, sendEmailService({ region, store, emit }));

  const handle = (message: IncomingMessage, response: ServerResponse) => {
    if (message.url?.startsWith("/v2/")) return api(message, response);
    handleInbox(message, response, store).catch((error) => {
      process.stderr.write(`inbox: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("Something went wrong. Try again.");
    });
  };
  const { url, close } = await listen(createHttpServer(handle, { hosts: "own" }), options);
  return {
    url,
    inboxUrl: `${url}/`,
    async close() {
      await close();
      await checking;
    },
  };
}

async function reportDamage({ dataDir, onDamage }: MailServerOptions): Promise<void> {
  const { damaged } = await damagedMails(dataDir);
  if (damaged.length === 0) return;
  onDamage?.(
    `Mails are damaged (${damaged.length}), such as ${join(dataDir, damaged[0] ?? "")}. Restore them from a backup, or delete them in the inbox.`,
  );
}

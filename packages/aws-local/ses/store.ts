/** Stores mails as `.eml` files, named by SES's message id. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { syncFolder, writeDurably } from "../disk/durable.ts";
import { unlessAbsent } from "../disk/files.ts";
import { withChecksum } from "./verify.ts";

export interface MailSummary {
  id: string;
  from: string;
  /** All recipients, including Bcc. */
  to: string[];
  subject: string;
  /** When the mail was accepted, in ISO 8601. */
  date: string;
  sizeBytes: number;
  text: string;
  attachments: { name: string; type: string; sizeBytes: number }[];
}

const ID = /^0100([0-9a-f]{12})-[0-9a-f-]{36}-000000$/;

/** A new message id in SES's format. Ids sort by time. */
export const newMessageId = (now = Date.now()) =>
  `0100${now.toString(16).padStart(12, "0")}-${randomUUID()}-000000`;

export class MailStore {
  readonly #folder: string;
  /** A mail never changes, so the list parses it once. */
  readonly #parsed = new Map<string, MailSummary>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder or creates it. Removes files that a killed process did not finish. */
  static async open(folder: string): Promise<MailStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      if (name.startsWith(".tmp-")) await rm(join(folder, name), { force: true });
    }
    return new MailStore(folder);
  }

  /** The mail is on disk when this resolves. */
  save(id: string, bytes: Uint8Array): Promise<void> {
    return writeDurably(this.#path(id), withChecksum(bytes));
  }

  /** Newest first. */
  async list(): Promise<MailSummary[]> {
    const ids = (await readdir(this.#folder))
      .map((name) => name.replace(/\.eml$/, ""))
      .filter((id) => ID.test(id))
      .sort()
      .reverse();
    const summaries: MailSummary[] = [];
    for (const id of ids) {
      const summary = this.#parsed.get(id) ?? (await this.read(id))?.summary;
      if (summary) summaries.push(summary);
    }
    return summaries;
  }

  async raw(id: string): Promise<Buffer | undefined> {
    if (!ID.test(id)) return undefined;
    return readFile(this.#path(id)).catch(unlessAbsent);
  }

  async read(id: string): Promise<{ summary: MailSummary; email: Email } | undefined> {
    const bytes = await this.raw(id);
    if (!bytes) return undefined;
    const email = await PostalMime.parse(bytes);
    const summary = summarize(id, bytes, email);
    this.#parsed.set(id, summary);
    return { summary, email };
  }

  /** False if it did not exist. */
  async remove(id: string): Promise<boolean> {
    if (!ID.test(id) || !existsSync(this.#path(id))) return false;
    await rm(this.#path(id), { force: true });
    this.#parsed.delete(id);
    await syncFolder(this.#folder);
    return true;
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.eml`);
  }
}

function summarize(id: string, bytes: Buffer, email: Email): MailSummary {
  return {
    id,
    from: nameOf(email.from),
    to: email.headers.filter(({ key }) => key === "delivered-to").map(({ value }) => value),
    subject: email.subject ?? "",
    date: new Date(Number.parseInt(ID.exec(id)?.[1] ?? "0", 16)).toISOString(),
    sizeBytes: bytes.length,
    text: email.text ?? (email.html ?? "").replace(/<[^>]*>/g, " "),
    attachments: email.attachments.map((attachment, at) => ({
      name: attachment.filename ?? `attachment-${at + 1}`,
      type: attachment.mimeType,
      sizeBytes: bytesOf(attachment.content).length,
    })),
  };
}

const nameOf = (from: Email["from"]) =>
  from?.name ? `${from.name} <${from.address ?? ""}>` : (from?.address ?? "");

export function bytesOf(content: Email["attachments"][number]["content"]): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof ArrayBuffer) return Buffer.from(content);
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

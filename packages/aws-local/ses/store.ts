/** Stores mails as `.eml` files, named by SES's message id. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { syncFolder, writeDurably } from "../disk/durable.ts";
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

export interface MailStore {
  /** The mail is on disk when this resolves. */
  save(id: string, bytes: Uint8Array): Promise<void>;
  /** Newest first. */
  ids(): Promise<string[]>;
  list(): Promise<MailSummary[]>;
  raw(id: string): Promise<Buffer | undefined>;
  read(id: string): Promise<{ summary: MailSummary; email: Email } | undefined>;
  /** False if it did not exist. */
  remove(id: string): Promise<boolean>;
}

/** Opens the folder or creates it. Removes files that a killed process did not finish. */
export async function openStore(folder: string): Promise<MailStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    if (name.startsWith(".tmp-")) await rm(join(folder, name), { force: true });
  }
  // A mail never changes, so the list parses it once.
  const parsed = new Map<string, MailSummary>();
  const path = (id: string) => join(folder, `${id}.eml`);

  async function raw(id: string): Promise<Buffer | undefined> {
    if (!ID.test(id)) return undefined;
    return readFile(path(id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  }
  async function read(id: string) {
    const bytes = await raw(id);
    if (!bytes) return undefined;
    const email = await PostalMime.parse(bytes);
    const summary = summarize(id, bytes, email);
    parsed.set(id, summary);
    return { summary, email };
  }
  async function ids() {
    const names = await readdir(folder);
    return names
      .map((name) => name.replace(/\.eml$/, ""))
      .filter((id) => ID.test(id))
      .sort()
      .reverse();
  }
  return {
    raw,
    read,
    ids,
    save: (id, bytes) => writeDurably(path(id), withChecksum(bytes)),
    async list() {
      const summaries: MailSummary[] = [];
      for (const id of await ids()) {
        const summary = parsed.get(id) ?? (await read(id))?.summary;
        if (summary) summaries.push(summary);
      }
      return summaries;
    },
    async remove(id) {
      if (!ID.test(id) || !(await stat(path(id)).catch(() => undefined))) return false;
      await rm(path(id), { force: true });
      parsed.delete(id);
      await syncFolder(folder);
      return true;
    },
  };
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
      sizeBytes: sizeOf(attachment.content),
    })),
  };
}

const nameOf = (from: Email["from"]) =>
  from?.name ? `${from.name} <${from.address ?? ""}>` : (from?.address ?? "");

export const bytesOf = (content: Email["attachments"][number]["content"]): Buffer =>
  typeof content === "string"
    ? Buffer.from(content)
    : content instanceof ArrayBuffer
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);

const sizeOf = (content: Email["attachments"][number]["content"]) => bytesOf(content).length;

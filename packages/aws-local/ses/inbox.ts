/** The inbox over HTTP: pages for people, JSON for programs. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { INBOX_POLICY, MESSAGE_POLICY } from "@rushes/core/http/csp";
import type { Email } from "postal-mime";
import { isOwnOrigin } from "../wire/guard.ts";
import { SCRIPT, STYLE } from "./inbox-assets.ts";
import {
  emptyMain,
  listMarkup,
  type MailList,
  messageMain,
  missingMain,
  page,
  type View,
} from "./page.ts";
import { bytesOf, type MailStore, type MailSummary } from "./store.ts";

const PAGE = 50;
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#a3430f"/><path d="M7 11h18v11H7zm0 0 9 7 9-7" fill="none" stroke="#fffaf4" stroke-width="2" stroke-linejoin="round"/></svg>';

/** Handles every request that is not for SES's API. */
export async function handleInbox(
  message: IncomingMessage,
  response: ServerResponse,
  store: MailStore,
): Promise<void> {
  // Not relative to a base: a path such as `//` would be another host.
  const url = new URL(`http://inbox${message.url ?? "/"}`);
  const method = message.method ?? "GET";
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cache-control", "no-store");
  // Pages of other origins can load nothing from here, not even an image or a script.
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("content-security-policy", INBOX_POLICY);
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead && !isOwnOrigin(message)) {
    return send(response, 403, "text/plain", "Other sites cannot change this inbox.");
  }
  const [, id, rest = ""] = /^\/(?:mail|inbox)\/([^/.]+)(.*)$/.exec(url.pathname) ?? [];
  if (id) return handleMessage({ response, store, url, method, id, rest });
  if (!isRead) return send(response, 405, "text/plain", "This URL supports GET only.");
  switch (url.pathname) {
    case "/":
      return sendList(response, store, url);
    case "/list":
      return sendListFragment(response, store, url);
    case "/inbox.json":
      return send(response, 200, "application/json", JSON.stringify(await store.list()));
    case "/inbox.css":
      return send(response, 200, "text/css", STYLE);
    case "/inbox.js":
      return send(response, 200, "text/javascript", SCRIPT);
    case "/icon.svg":
      return send(response, 200, "image/svg+xml", ICON);
    default:
      return send(response, 404, "text/plain", "Not found.");
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  const text = /^(text\/|application\/json|image\/svg)/.test(type);
  response.writeHead(status, {
    "content-type": text ? `${type}; charset=utf-8` : type,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

async function listing(store: MailStore, url: URL): Promise<MailList & { version: string }> {
  const before = url.searchParams.get("before");
  const all = await store.list();
  const from = before === null ? all : all.filter(({ id }) => id < before);
  const mails = from.slice(0, PAGE);
  const older = from.length > PAGE ? mails.at(-1)?.id : undefined;
  const version = createHash("sha256")
    .update(mails.map(({ id }) => id).join())
    .digest("hex")
    .slice(0, 16);
  return { mails, older, version };
}

async function sendList(response: ServerResponse, store: MailStore, url: URL): Promise<void> {
  const { version, ...list } = await listing(store, url);
  const main = emptyMain(list.mails.length);
  send(response, 200, "text/html", page({ title: "Inbox · Rushes", listing: list, version, main }));
}

async function sendListFragment(
  response: ServerResponse,
  store: MailStore,
  url: URL,
): Promise<void> {
  const { version, ...list } = await listing(store, url);
  response.setHeader("etag", version);
  const open = url.searchParams.get("open") ?? undefined;
  send(response, 200, "text/html", listMarkup(list, open).markup);
}

interface MessageRequest {
  response: ServerResponse;
  store: MailStore;
  url: URL;
  method: string;
  id: string;
  rest: string;
}

async function handleMessage({
  response,
  store,
  url,
  method,
  id,
  rest,
}: MessageRequest): Promise<void> {
  if (method === "DELETE" || (method === "POST" && rest === "/delete")) {
    const removed = await store.remove(id);
    if (method === "DELETE") return send(response, removed ? 204 : 404, "text/plain", "");
    response.writeHead(303, { location: "/" }).end();
    return;
  }
  const mail = await store.read(id);
  if (!mail) {
    if (rest === ".json") return send(response, 404, "application/json", "null");
    const { version, ...list } = await listing(store, url);
    const frame = {
      title: "Not found · Inbox · Rushes",
      listing: list,
      version,
      open: id,
      main: missingMain,
    };
    return send(response, 404, "text/html", page(frame));
  }
  const { summary, email } = mail;
  const [, file] = /^\/files\/(\d{1,3})$/.exec(rest) ?? [];
  if (file) return sendAttachment(response, summary, email, Number(file));
  switch (rest) {
    case "":
      return sendMessage(response, store, url, summary, email);
    case "/body":
      response.setHeader("content-security-policy", MESSAGE_POLICY);
      return send(response, 200, "text/html", frameHtml(email));
    case ".eml":
      response.setHeader("content-disposition", `attachment; filename="${id}.eml"`);
      return send(response, 200, "message/rfc822", (await store.raw(id)) ?? Buffer.alloc(0));
    case ".json":
      return send(
        response,
        200,
        "application/json",
        JSON.stringify({ ...summary, html: email.html ?? null, headers: email.headers }),
      );
    default:
      return send(response, 404, "text/plain", "Not found.");
  }
}

async function sendMessage(
  response: ServerResponse,
  store: MailStore,
  url: URL,
  summary: MailSummary,
  email: Email,
): Promise<void> {
  const { version, ...list } = await listing(store, url);
  const requested = url.searchParams.get("view");
  const view: View =
    requested === "text" || requested === "source" ? requested : email.html ? "html" : "text";
  const source = view === "source" ? ((await store.raw(summary.id))?.toString("utf8") ?? "") : "";
  const frame = {
    title: `${summary.subject || "(no subject)"} · Inbox · Rushes`,
    listing: list,
    version,
    open: summary.id,
    main: messageMain(summary, email, source, view),
  };
  send(response, 200, "text/html", page(frame));
}

/** Opens links in a new tab, and embeds the message's attached images. */
function frameHtml(email: Email): string {
  let html = email.html ?? "";
  for (const { contentId, mimeType, content } of email.attachments) {
    if (!contentId) continue;
    const data = `data:${mimeType};base64,${bytesOf(content).toString("base64")}`;
    html = html.replaceAll(`cid:${contentId.replace(/^<|>$/g, "")}`, data);
  }
  return /<head[^>]*>/i.test(html)
    ? html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`)
    : `<base target="_blank">${html}`;
}

function sendAttachment(
  response: ServerResponse,
  summary: MailSummary,
  email: Email,
  at: number,
): void {
  const attachment = email.attachments[at];
  const name = summary.attachments[at]?.name;
  if (!attachment || name === undefined) {
    send(response, 404, "text/plain", "The message has no such attachment.");
    return;
  }
  // Always a download: an attachment that opened here would run in the inbox's origin.
  response.setHeader(
    "content-disposition",
    `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, "_")}`,
  );
  send(response, 200, "application/octet-stream", bytesOf(attachment.content));
}

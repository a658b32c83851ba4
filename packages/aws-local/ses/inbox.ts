/** The inbox over HTTP: pages for a person, JSON for a program. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Email } from "postal-mime";
import { isOwnOrigin } from "../wire/guard.ts";
import { SCRIPT, STYLE } from "./look.ts";
import {
  emptyMain,
  type Listing,
  listMarkup,
  mailMain,
  missingMain,
  page,
  type View,
} from "./page.ts";
import { bytesOf, type MailStore, type Summary } from "./store.ts";

const PAGE = 50;
/** Nothing but our own style sheet, script and frame; forms go to us alone. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A mail's own HTML: no script, no network, no forms; images only those that came with it. */
const BODY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#a3430f"/><path d="M7 11h18v11H7zm0 0 9 7 9-7" fill="none" stroke="#fffaf4" stroke-width="2" stroke-linejoin="round"/></svg>';

/** Answers everything that is not SES's API. */
export async function answerInbox(
  message: IncomingMessage,
  response: ServerResponse,
  store: MailStore,
): Promise<void> {
  const url = new URL(message.url ?? "/", "http://inbox");
  const method = message.method ?? "GET";
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cache-control", "no-store");
  // Nothing here is for a page of another origin, not even as an image or a script that it cannot read.
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("content-security-policy", PAGE_POLICY);
  const reads = method === "GET" || method === "HEAD";
  if (!reads && !isOwnOrigin(message)) {
    return send(response, 403, "text/plain", "Another site may not change this inbox.");
  }
  const [, id, rest = ""] = /^\/(?:mail|inbox)\/([^/.]+)(.*)$/.exec(url.pathname) ?? [];
  if (id) return answerMail({ response, store, url, method, id, rest });
  if (!reads) return send(response, 405, "text/plain", "This address can only be read.");
  switch (url.pathname) {
    case "/":
      return answerList(response, store, url);
    case "/list":
      return answerFragment(response, store, url);
    case "/inbox.json":
      return send(response, 200, "application/json", JSON.stringify(await store.list()));
    case "/inbox.css":
      return send(response, 200, "text/css", STYLE);
    case "/inbox.js":
      return send(response, 200, "text/javascript", SCRIPT);
    case "/icon.svg":
      return send(response, 200, "image/svg+xml", ICON);
    default:
      return send(response, 404, "text/plain", "There is nothing at this address.");
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

async function listing(store: MailStore, url: URL): Promise<Listing & { version: string }> {
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

async function answerList(response: ServerResponse, store: MailStore, url: URL): Promise<void> {
  const { version, ...list } = await listing(store, url);
  const main = emptyMain(list.mails.length);
  send(response, 200, "text/html", page({ title: "Inbox · Rushes", listing: list, version, main }));
}

async function answerFragment(response: ServerResponse, store: MailStore, url: URL): Promise<void> {
  const { version, ...list } = await listing(store, url);
  response.setHeader("etag", version);
  const open = url.searchParams.get("open") ?? undefined;
  send(response, 200, "text/html", listMarkup(list, open).markup);
}

interface OfOne {
  response: ServerResponse;
  store: MailStore;
  url: URL;
  method: string;
  id: string;
  rest: string;
}

async function answerMail({ response, store, url, method, id, rest }: OfOne): Promise<void> {
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
    const frame = { title: "Gone · Rushes", listing: list, version, open: id, main: missingMain };
    return send(response, 404, "text/html", page(frame));
  }
  const { summary, email } = mail;
  const [, file] = /^\/files\/(\d{1,3})$/.exec(rest) ?? [];
  if (file) return answerFile(response, summary, email, Number(file));
  switch (rest) {
    case "":
      return answerMessage(response, store, url, summary, email);
    case "/body":
      response.setHeader("content-security-policy", BODY_POLICY);
      return send(response, 200, "text/html", framed(email));
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
      return send(response, 404, "text/plain", "There is nothing at this address.");
  }
}

async function answerMessage(
  response: ServerResponse,
  store: MailStore,
  url: URL,
  summary: Summary,
  email: Email,
): Promise<void> {
  const { version, ...list } = await listing(store, url);
  const asked = url.searchParams.get("view");
  const view: View = asked === "text" || asked === "source" ? asked : email.html ? "html" : "text";
  const source = view === "source" ? ((await store.raw(summary.id))?.toString("utf8") ?? "") : "";
  const frame = {
    title: `${summary.subject || "(no subject)"} · Inbox · Rushes`,
    listing: list,
    version,
    open: summary.id,
    main: mailMain(summary, email, source, view),
  };
  send(response, 200, "text/html", page(frame));
}

/** Links open beside the inbox, and images that came with the mail are put where it names them. */
function framed(email: Email): string {
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

function answerFile(response: ServerResponse, summary: Summary, email: Email, at: number): void {
  const attachment = email.attachments[at];
  const name = summary.attachments[at]?.name;
  if (!attachment || name === undefined) {
    send(response, 404, "text/plain", "This mail has no such attachment.");
    return;
  }
  // Always a download: an attachment opened here would run as one of our own pages.
  response.setHeader(
    "content-disposition",
    `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, "_")}`,
  );
  send(response, 200, "application/octet-stream", bytesOf(attachment.content));
}

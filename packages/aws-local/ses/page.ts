/** The inbox's HTML, as a mail client shows it. */
import { formatBytes } from "@rushes/core/format";
import type { Email } from "postal-mime";
import { html, type Markup } from "./html.ts";
import { MARK } from "./inbox-assets.ts";
import type { MailSummary } from "./store.ts";

export type View = "html" | "text" | "source";

export interface MailList {
  mails: MailSummary[];
  /** The id before the next page; undefined on the last page. */
  older?: string;
}

const WHEN = "When a video is ready or has failed, the mail about it appears here.";

/** The list alone. The page's script requests it repeatedly. */
export function listMarkup({ mails, older }: MailList, open: string | undefined): Markup {
  if (mails.length === 0) {
    // A narrow page shows the list without the other pane, which has this text too.
    return html`<p class="more">No messages yet.<span class="narrow">${WHEN}</span></p>`;
  }
  return html`<ul>${mails.map(
    (mail) =>
      html`<li><a class="mail" href="/mail/${mail.id}"${
        mail.id === open ? html` aria-current="page"` : undefined
      }><span class="line"><span>${mail.to.join(", ")}</span><time datetime="${mail.date}">${mail.date.slice(0, 16).replace("T", " ")}</time></span><span class="subject">${mail.subject || "(no subject)"}</span><span class="start">${mail.text.replace(/\s+/g, " ").trim().slice(0, 120)}</span></a></li>`,
  )}</ul>${older ? html`<a class="more" href="/?before=${older}">Older messages</a>` : undefined}`;
}

interface PageOptions {
  title: string;
  listing: MailList;
  version: string;
  open?: string;
  main: Markup;
}

export function page({ title, listing, version, open, main }: PageOptions): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/inbox.css">
<script type="module" src="/inbox.js"></script>
</head>
<body class="${open ? "opened" : "list"}">
<a class="skip" href="#mail">Skip to message</a>
<header class="top">
<h1><a href="/">${MARK}Inbox</a></h1>
<p>All mail from Rushes on this machine. Nothing is sent to the outside.</p>
<label class="live"><input id="live" type="checkbox" checked> Live</label>
</header>
<div class="panes">
<nav aria-label="Messages" id="list" data-version="${version}" data-open="${open ?? ""}">${listMarkup(listing, open)}</nav>
<main id="mail" tabindex="-1">${main}</main>
</div>
<p class="hidden" id="announcer" role="status"></p>
</body>
</html>`.markup;
}

export const emptyMain = (count: number): Markup =>
  count === 0
    ? html`<div class="empty"><h2>No messages yet</h2><p>${WHEN}</p></div>`
    : html`<div class="empty"><h2>Select a message</h2><p>The newest is at the top.</p></div>`;

export const missingMain: Markup = html`<div class="empty"><h2>Message not found</h2><p>It was deleted, or the URL is wrong. <a href="/">Back to inbox</a></p></div>`;

export function messageMain(
  summary: MailSummary,
  email: Email,
  source: string,
  view: View,
): Markup {
  const { id } = summary;
  const tab = (is: View, name: string) =>
    html`<a class="tab" href="/mail/${id}?view=${is}"${view === is ? html` aria-current="page"` : undefined}>${name}</a>`;
  return html`<a class="back" href="/">Back to inbox</a>
<h2>${summary.subject || "(no subject)"}</h2>
<dl>
<dt>From</dt><dd>${summary.from}</dd>
<dt>To</dt><dd>${summary.to.join(", ")}</dd>
<dt>Sent</dt><dd><time datetime="${summary.date}">${summary.date}</time></dd>
</dl>
<div class="actions">
${email.html ? tab("html", "Message") : undefined}${tab("text", "Text")}${tab("source", "Source")}
<a class="tab" href="/mail/${id}.eml" download>Download</a>
<form method="post" action="/mail/${id}/delete"><button class="danger">Delete</button></form>
</div>
${body(summary, email, source, view)}
${
  summary.attachments.length > 0
    ? html`<ul class="files" aria-label="Attachments">${summary.attachments.map(
        (file, at) =>
          html`<li><a href="/mail/${id}/files/${at}" download="${file.name}">${file.name} (${formatBytes(file.sizeBytes)})</a></li>`,
      )}</ul>`
    : undefined
}`;
}

function body(summary: MailSummary, email: Email, source: string, view: View): Markup {
  if (view === "html" && email.html) {
    return html`<iframe title="Message" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/${summary.id}/body"></iframe>`;
  }
  const name = view === "source" ? "Source of the message" : "Text of the message";
  return html`<pre tabindex="0" role="region" aria-label="${name}">${view === "source" ? source : summary.text}</pre>`;
}

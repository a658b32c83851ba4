/** The inbox's style sheet, logo and script, in the web app's colors. */
import { readFileSync } from "node:fs";
import type { Markup } from "./html.ts";

const PALETTE = readFileSync(new URL("../../core/palette.css", import.meta.url), "utf8");

/** The logo of the web app. The style sheet has its colors. */
export const MARK: Markup = {
  markup:
    '<svg class="mark" aria-hidden="true" viewBox="0 0 32 32" width="28" height="28"><rect width="32" height="32" rx="7"/><path class="edges" d="M7 6v20M25 6v20"/><path class="play" d="M12.5 10.2v11.6L21.5 16z"/></svg>',
};

export const STYLE = `
${PALETTE}* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, "Segoe UI", sans-serif;
  overflow-wrap: anywhere; display: flex; flex-direction: column;
}
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.mark { flex: none; }
.mark rect { fill: var(--ink); }
.mark .edges { stroke: var(--paper); stroke-width: 2.4; stroke-dasharray: 2.4 2.9; }
.mark .play { fill: var(--mark); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--surface); padding: 0.5rem 1rem; z-index: 1; }
header.top {
  display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center;
  padding: 1rem clamp(1rem, 3vw, 2rem); border-bottom: 1px solid var(--line);
}
header.top h1 { font-size: 1.125rem; margin: 0; letter-spacing: -0.01em; }
header.top h1 a { display: flex; gap: 0.625rem; align-items: center; color: inherit; text-decoration: none; }
header.top p { margin: 0; color: var(--muted); font-size: 0.875rem; flex: 1 1 14rem; }
label.live { display: inline-flex; gap: 0.5rem; align-items: center; font-size: 0.875rem; min-height: 2.25rem; }
label.live input { width: 1.125rem; height: 1.125rem; accent-color: var(--accent); margin: 0; }
.panes { flex: 1; display: grid; grid-template-columns: minmax(17rem, 24rem) minmax(0, 1fr); }
nav { border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 0; padding: 0.5rem; }
nav a.mail { display: block; padding: 0.625rem 0.75rem; border-radius: 0.625rem; color: inherit; text-decoration: none; }
nav a.mail:hover { background: var(--sunken); }
nav a.mail[aria-current] { background: var(--accent-soft); }
.mail .line { display: flex; gap: 0.75rem; justify-content: space-between; font-size: 0.8125rem; color: var(--muted); }
.mail .subject { font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.mail .start { display: block; font-size: 0.8125rem; color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
nav .more { display: block; padding: 0.75rem 1.25rem 1.5rem; }
main { padding: clamp(1rem, 3vw, 2rem); display: flex; flex-direction: column; gap: 1rem; min-width: 0; }
main h2 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; text-wrap: balance; }
.empty { margin: 12vh auto; max-width: 26rem; text-align: center; color: var(--muted); }
.empty h2 { color: var(--ink); margin-bottom: 0.5rem; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.125rem 1rem; margin: 0; font-size: 0.875rem; }
dt { color: var(--muted); }
dd { margin: 0; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
.actions form { margin-left: auto; }
.tab, button {
  font: inherit; font-size: 0.875rem; font-weight: 500; display: inline-flex; align-items: center; min-height: 2.25rem;
  padding: 0 0.875rem; border-radius: 0.5rem; border: 1px solid var(--control); background: var(--surface);
  color: var(--ink); text-decoration: none; cursor: pointer;
}
.tab[aria-current] { border-color: var(--accent); color: var(--accent); background: var(--accent-soft); }
.tab:hover { background: var(--sunken); }
button.danger { color: var(--danger); border-color: var(--danger); }
button.danger:hover { background: var(--danger-soft); }
iframe, pre {
  width: 100%; flex: 1; min-height: 24rem; margin: 0; border: 1px solid var(--line); border-radius: 0.625rem;
}
iframe { background: #fff; color-scheme: light; }
pre { background: var(--surface); padding: 1rem; white-space: pre-wrap; font: 0.875rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow: auto; }
.files { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; padding: 0; font-size: 0.875rem; }
.files a { display: inline-flex; min-height: 2.25rem; align-items: center; padding: 0 0.75rem; border-radius: 0.5rem; background: var(--sunken); color: inherit; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.back, .narrow { display: none; }
/* Each pane scrolls by itself: a long list must not make a short mail as long. */
@media (min-width: 48rem) {
  body { height: 100dvh; }
  .panes { min-height: 0; grid-template-rows: minmax(0, 1fr); }
  nav, main { overflow-y: auto; }
}
@media (max-width: 47.99rem) {
  .panes { display: block; }
  nav { border-right: 0; }
  .opened nav { display: none; }
  .list main { display: none; }
  .back { display: inline-block; }
  .narrow { display: block; color: var(--muted); }
  header.top h1 { flex: 1; }
  header.top p { order: 1; flex-basis: 100%; }
  .actions form { margin-left: 0; }
}
`;

/**
 * Updates the list while the page is visible and "Live" is on. It replaces the list only when it has
 * changed, keeps the focus, and announces a new mail once in the live region.
 */
export const SCRIPT = `
const list = document.getElementById("list");
const live = document.getElementById("live");
const announcer = document.getElementById("announcer");
live.checked = localStorage.getItem("live") !== "off";
live.addEventListener("change", () => localStorage.setItem("live", live.checked ? "on" : "off"));
let shown = list.dataset.version;
async function refresh() {
  if (!live.checked || document.hidden) return;
  const response = await fetch("/list" + location.search + (location.search ? "&" : "?") + "open=" + encodeURIComponent(list.dataset.open));
  if (!response.ok) return;
  const version = response.headers.get("etag");
  if (version === shown) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const before = new Set([...list.querySelectorAll("a.mail")].map((a) => a.getAttribute("href")));
  list.innerHTML = await response.text();
  shown = version;
  const added = [...list.querySelectorAll("a.mail")].filter((a) => !before.has(a.getAttribute("href")));
  if (focused) list.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus();
  if (added.length === 1) announcer.textContent = "New message: " + added[0].querySelector(".subject").textContent;
  else if (added.length > 1) announcer.textContent = added.length + " new messages";
  for (const time of list.querySelectorAll("time")) showLocalTime(time);
}
function showLocalTime(time) {
  time.textContent = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time.dateTime));
}
for (const time of document.querySelectorAll("time")) showLocalTime(time);
setInterval(() => refresh().catch(() => {}), 1500);
document.addEventListener("visibilitychange", () => refresh().catch(() => {}));
`;

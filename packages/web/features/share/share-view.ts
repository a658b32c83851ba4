import { isHost, LOOPBACK } from "@rushes/core/share/host";
import type { Info, New } from "@rushes/core/share/schema";
import { isolate } from "../../lib/isolate.ts";

/** The expiry options of the form, in hours. */
export const EXPIRIES = [
  { label: "In 1 hour", value: 1 },
  { label: "In 1 day", value: 24 },
  { label: "In 1 week", value: 7 * 24 },
  { label: "In 30 days", value: 30 * 24 },
  { label: "Never", value: "" },
];
export const DEFAULT_HOURS = 7 * 24;

const UNTIL = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** When a link expires: `Expires in 7 days`, `Expires in less than a minute`, `Does not expire`. */
export function expiryText(expires: string | undefined, nowMs: number): string {
  if (expires === undefined) return "Does not expire";
  const seconds = (Date.parse(expires) - nowMs) / 1000;
  if (seconds <= 0) return "Expired";
  // Rounded: a link of one week that was created a second ago expires in 7 days, not in 6.
  for (const [unit, size] of STEPS) {
    if (Math.round(seconds / size) >= 1 && seconds >= size * 0.99) {
      return `Expires ${UNTIL.format(Math.round(seconds / size), unit)}`;
    }
  }
  return "Expires in less than a minute";
}

/** The facts about a link that its row shows. */
export function shareFacts(share: Info, nowMs: number): string[] {
  return [
    expiryText(share.time.expires, nowMs),
    ...(share.hasPassword ? ["Password required"] : []),
    ...(share.allowsOriginal ? ["Plays the original while it is being encoded"] : []),
    ...(share.allowsDownloads ? ["Can be downloaded"] : []),
    ...(share.allowsPreview ? ["Shows a preview"] : []),
    ...share.origins.map((origin) => `Can be embedded on ${new URL(origin).host}`),
  ];
}

/**
 * The URL that a user typed, with or without `https://`; undefined if it has no host. A single word is a host only with
 * a scheme: `https://wiki` can be on an intranet, `wiki` is a word. Numbers, which URL parses as IPv4 addresses, and
 * email addresses are rejected.
 */
function typedUrl(given: string): URL | undefined {
  const scheme = /^[a-z][a-z+.-]*:\/\//i.test(given);
  const address = scheme ? given : `https://${given}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const { hostname, username, password } = url;
  if (username !== "" || password !== "" || !isHost(hostname)) return undefined;
  if (/^[\d.]+$/.test(hostname) && !address.includes(hostname)) return undefined;
  return scheme || /[.[]/.test(hostname) || LOOPBACK.has(hostname) ? url : undefined;
}

/**
 * Parses the origins that a user typed: one or more URLs, with or without `https://` and a path. Returns a message
 * about the first one that is not a URL of a site.
 */
export function parseOrigins(text: string): { origins: string[] } | { problem: string } {
  const origins = new Set<string>();
  for (const given of text.split(/[\s,]+/).filter(Boolean)) {
    const url = typedUrl(given);
    if (!url) {
      return {
        problem: `“${isolate(given)}” is not a domain. Enter it like https://example.com.`,
      };
    }
    if (url.protocol === "http:" && !LOOPBACK.has(url.hostname)) {
      return {
        problem: `“${isolate(given)}” is not encrypted. Only https:// sites can embed the video.`,
      };
    }
    origins.add(url.origin);
  }
  if (origins.size > 20) return { problem: "You can allow at most 20 domains." };
  return { origins: [...origins] };
}

/** The request that the form's fields describe, or what is wrong with the domains. */
export function readForm(fields: FormData): New | { problem: string } {
  const text = (name: string) => String(fields.get(name) ?? "");
  const parsed = parseOrigins(text("origins"));
  if ("problem" in parsed) return parsed;
  return {
    origins: parsed.origins,
    expiresInHours: Number(text("expires")) || undefined,
    password: text("password") || undefined,
    ...(fields.has("original") && { allowsOriginal: true }),
    ...(fields.has("downloads") && { allowsDownloads: true }),
    ...(fields.has("preview") && { allowsPreview: true }),
  };
}

import { type Failure, failureSentence } from "../job/failure.ts";
import type { NOTIFIED } from "../job/status.ts";
import { DOWNLOADS } from "../rendition/profile.ts";

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

/** The mail about a job that has ended: a sentence about what happened, and a link. */
export function compose(input: {
  title: string;
  status: (typeof NOTIFIED)[number];
  failure?: Failure | undefined;
  /** The labels of the renditions that play. */
  made?: readonly string[];
  /** True if the renditions of an earlier attempt still play. */
  stillPlays?: boolean;
  url: string;
}): Mail {
  const { title, status, failure, url } = input;
  const ready = status === "complete";
  const subject = `${HEADLINES[status]}: ${title.replace(/\s+/g, " ")}`;
  const what = ready
    ? readySentence(input.made ?? [])
    : failure
      ? failureSentence(failure)
      : "No reason was recorded.";
  const sentence =
    !ready && input.stillPlays ? `${what} The earlier renditions keep playing.` : what;
  const action = ready ? "Watch the video" : "See the details";
  return {
    subject,
    text: `${title}\n\n${sentence}\n\n${action}: ${url}\n`,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:32px 16px;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;line-height:1.5;color:#1c1b1a;background:#faf9f7">
<div style="max-width:32rem;margin:0 auto">
<p style="margin:0 0 8px;color:#6b6660">${HEADLINES[status]}</p>
<h1 style="margin:0 0 16px;font-size:20px;overflow-wrap:anywhere">${escapeHtml(title)}</h1>
<p style="margin:0 0 24px">${escapeHtml(sentence)}</p>
<p style="margin:0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 16px;border-radius:8px;background:#1c1b1a;color:#ffffff;text-decoration:none">${action}</a></p>
</div>
</body>
</html>
`,
  };
}

const HEADLINES = {
  complete: "Your video is ready",
  error: "Your video failed to encode",
  rejected: "Your video was rejected",
} as const;

/** What was made, for people: no names of profiles. */
function readySentence(made: readonly string[]): string {
  const noun = made.includes("audio") ? "audio" : "video";
  const streams = made.includes("hls");
  const file = noun === "audio" ? "an M4A" : DOWNLOADS.some((one) => made.includes(one)) && "MP4";
  if (streams && file) {
    return `Your ${noun} is ready to play as an adaptive stream, and to download as ${file}.`;
  }
  return `Your ${noun} is ready to play${streams ? " as an adaptive stream" : " and download"}.`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

import { parseText, parseVTTTimestamp, type VTTCue } from "media-captions";
import { VisibleError } from "../error.ts";
import { formatTimestamp } from "../timestamp.ts";
import { MAX_BYTES } from "./schema.ts";

/** A three-hour film has some 3,000. */
const MOST_CUES = 20_000;
/** Far more than a picture can show. */
const MOST_CHARACTERS = 4_000;
const ARROW = "-->";
const EXAMPLE = "00:00:01.000 --> 00:00:04.000";

/** A group of lines without an empty one. `line` is the number of the first, from 1. */
interface Block {
  line: number;
  lines: string[];
}

/** A cue's times and settings as one line, and its text. */
interface Timed {
  line: number;
  timing: string;
  text: string;
}

/**
 * Parses a WebVTT or SubRip (SRT) file in UTF-8, UTF-16 with a byte order mark, or Latin-1, and returns it as WebVTT:
 * the times, positions and formatted text of its cues, without styles, regions and comments. Throws `captions.invalid`
 * with the number of the first invalid line, and `request.too_large`.
 */
export async function parse(bytes: Uint8Array): Promise<{ vtt: string; cues: number }> {
  if (bytes.length > MAX_BYTES) throw tooLarge();
  const text = decode(bytes).replace(/\r\n?/g, "\n");
  if (text.includes("\0")) throw invalid("This is not a text file.");
  const timed = read(text);
  // Without their text: the library reads a first line such as `size: 5` as a setting.
  const timings = timed.map(({ timing }) => `${timing}\n-`);
  const { cues } = await parseText(["WEBVTT", ...timings].join("\n\n"));
  const written = timed.map((one, at) => {
    const cue = cues[at];
    if (!cue) throw invalid(`Line ${one.line}: the times cannot be read.`);
    return { cue, text: clean(one.text) };
  });
  const shown = written.filter((one) => one.text !== "");
  if (shown.length === 0) throw invalid("The file has no captions.");
  const blocks = shown.map((one) => `${timingOf(one.cue)}\n${one.text}`);
  return { vtt: `${["WEBVTT", ...blocks].join("\n\n")}\n`, cues: shown.length };
}

export function tooLarge(): VisibleError {
  return new VisibleError("too_large", "request.too_large", "The file is larger than 1 MB.");
}

function invalid(message: string): VisibleError {
  return new VisibleError("input", "captions.invalid", message);
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Windows writes Latin-1 with a few more characters in place of control characters.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The cues of a file. Throws at the first line that belongs to none. */
function read(text: string): Timed[] {
  const isWebVtt = /^WEBVTT([ \t\n]|$)/.test(text);
  const blocks = blocksOf(text);
  if (!isWebVtt && !text.includes(ARROW)) {
    throw invalid("Line 1: this is neither a WebVTT nor a SubRip (SRT) file.");
  }
  const isComment = ({ lines: [first = ""] }: Block) => /^(NOTE|STYLE|REGION)(\s|$)/.test(first);
  const [header] = isWebVtt ? blocks : [];
  const early = header?.lines.findIndex((line) => line.includes(ARROW)) ?? -1;
  if (early !== -1)
    throw invalid(`Line ${early + 1}: an empty line is missing before this caption.`);
  const cues = isWebVtt ? blocks.slice(1).filter((block) => !isComment(block)) : blocks;
  if (cues.length > MOST_CUES) {
    throw invalid(`The file has ${cues.length} captions. The limit is ${MOST_CUES}.`);
  }
  return cues.map((block) => timedOf(block, isWebVtt));
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let current: Block | undefined;
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") {
      current = undefined;
    } else if (current) {
      current.lines.push(line);
    } else {
      current = { line: at + 1, lines: [line] };
      blocks.push(current);
    }
  }
  return blocks;
}

function timedOf({ line, lines }: Block, isWebVtt: boolean): Timed {
  // The first line can be a number or a name.
  const at = lines[0]?.includes(ARROW) ? 0 : 1;
  const [timing, ...text] = lines.slice(at);
  if (timing === undefined || !timing.includes(ARROW)) {
    const where = lines.length === 1 ? line : line + at;
    throw invalid(`Line ${where}: the times are missing. Write them like ${EXAMPLE}.`);
  }
  const next = text.findIndex((one) => one.includes(ARROW));
  if (next !== -1) {
    throw invalid(`Line ${line + at + 1 + next}: an empty line is missing before this caption.`);
  }
  if (text.join("\n").length > MOST_CHARACTERS) {
    throw invalid(`Line ${line + at + 1}: the text has more than ${MOST_CHARACTERS} characters.`);
  }
  return { line: line + at, timing: checked(timing, line + at, isWebVtt), text: text.join("\n") };
}

/** The line with its times as WebVTT writes them. SubRip has commas, and no settings that players use. */
function checked(timing: string, line: number, isWebVtt: boolean): string {
  const [, from = "", to = "", settings = ""] = /^\s*(\S+?)\s*-->\s*(\S+)(.*)$/.exec(timing) ?? [];
  const times = [from, to].map((one) => one.replace(",", "."));
  const [start, end] = times.map((one) => parseVTTTimestamp(one));
  if (typeof start !== "number" || typeof end !== "number") {
    throw invalid(`Line ${line}: the times cannot be read. Write them like ${EXAMPLE}.`);
  }
  if (end <= start) throw invalid(`Line ${line}: the caption ends before it starts.`);
  return `${times.join(` ${ARROW} `)}${isWebVtt ? settings : ""}`;
}

const TAG = /(<\/?(?:b|i|u|c|v|lang|ruby|rt)(?:[.\s][^<>]*)?>|<(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}>)/;
const ENTITY = /&(?!(?:amp|lt|gt|nbsp|lrm|rlm|quot|#\d{1,7}|#x[\da-f]{1,6});)/gi;

/** The text of a cue with WebVTT's own tags. Everything else becomes text, so no player can run it. */
function clean(text: string): string {
  const plain = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it removes.
    .replace(/[\x01-\x08\x0b-\x1f\x7f]/g, "")
    // SubRip's colors and positions, which WebVTT has no tags for.
    .replace(/<\/?font[^<>]*>|\{\\[^{}\n]*\}/gi, "");
  const parts = plain.split(TAG).map((part, at) => {
    if (at % 2 === 1) return part;
    return part.replace(ENTITY, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  });
  return parts
    .join("")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join("\n");
}

function timingOf(cue: VTTCue): string {
  const line = cue.snapToLines ? cue.line : `${cue.line}%`;
  const settings = [
    cue.vertical === "" ? "" : `vertical:${cue.vertical}`,
    cue.line === "auto" ? "" : `line:${line}${aligned(cue.lineAlign, "start")}`,
    cue.position === "auto" ? "" : `position:${cue.position}%${aligned(cue.positionAlign, "auto")}`,
    cue.size === 100 ? "" : `size:${cue.size}%`,
    cue.align === "center" ? "" : `align:${cue.align}`,
  ];
  const times = [cue.startTime, cue.endTime].map(formatTimestamp).join(` ${ARROW} `);
  return [times, ...settings].filter((one) => one !== "").join(" ");
}

const aligned = (align: string, usual: string) => (align === usual ? "" : `,${align}`);

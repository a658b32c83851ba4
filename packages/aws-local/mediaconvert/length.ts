import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { MediaInfo } from "./media.ts";

/** What the packets of a file show of its length. Times are seconds, jumps taken out. */
export interface PacketTimes {
  startSeconds: number;
  endSeconds: number;
  /** Where each stream ends, by its number. */
  ends: Map<number, number>;
  /** Where in the file the last packet was. */
  position: number;
  /** False where reading stopped at its time limit, or the demuxer reported that bytes are missing. */
  complete: boolean;
}

/** ffmpeg's own limits, so that the length is that of what it will write: its `-dts_delta_threshold`. */
const MOST_AHEAD_SECONDS = 10;
const MOST_BEHIND_SECONDS = 0.1;

/** Adds up the packets of a file, in the order in which they are stored. */
export class Timeline {
  readonly #jumps: boolean;
  readonly #streams = new Map<number, { last: number; next: number }>();
  readonly #ends = new Map<number, number>();
  #offset = 0;
  #start = Number.POSITIVE_INFINITY;
  #position = 0;

  /** `jumps`: whether the format may begin its clock anew, as joined transport streams do. */
  constructor(jumps: boolean) {
    this.#jumps = jumps;
  }

  add(packet: { stream: number; pts: number; dts: number; duration: number; position: number }) {
    const { stream, duration, position } = packet;
    const before = this.#streams.get(stream);
    const delta = before ? packet.dts + this.#offset - before.next : 0;
    const back = before ? packet.dts + this.#offset + MOST_BEHIND_SECONDS < before.last : false;
    if (this.#jumps && (Math.abs(delta) > MOST_AHEAD_SECONDS || back)) this.#offset -= delta;
    const dts = packet.dts + this.#offset;
    const pts = packet.pts + this.#offset;
    this.#streams.set(stream, { last: dts, next: dts + duration });
    this.#ends.set(stream, Math.max(this.#ends.get(stream) ?? pts, pts + duration));
    this.#start = Math.min(this.#start, pts);
    if (position > 0) this.#position = position;
  }

  /** Undefined where there was no packet. */
  reading(complete: boolean): PacketTimes | undefined {
    if (this.#ends.size === 0) return undefined;
    const endSeconds = Math.max(...this.#ends.values());
    const { start: startSeconds, position } = { start: this.#start, position: this.#position };
    return { startSeconds, endSeconds, ends: this.#ends, position, complete };
  }
}

export interface PacketReader {
  ffprobe: string;
  /** Arguments before the address. */
  read: string[];
  address: string;
  /** What the address needs. */
  env: NodeJS.ProcessEnv;
  /** Begins at the key frame before this second; at the start unless given. */
  fromSeconds?: number;
  timeoutMs: number;
  /** What ffprobe prints where bytes are missing. */
  truncated: RegExp;
}

/** Reads the packets of a file's picture and sound, without decoding them. */
export function readPackets(
  reader: PacketReader,
  media: MediaInfo,
): Promise<PacketTimes | undefined> {
  const { video } = media;
  const timeline = new Timeline(/mpeg/.test(media.container));
  const wanted = new Set([video?.index, ...media.audio.map((track) => track.index)]);
  const frame = video ? video.frameRate.denominator / video.frameRate.numerator : 0;
  const from =
    reader.fromSeconds === undefined ? [] : ["-read_intervals", `${reader.fromSeconds}%`];
  const args = ["-v", "error", ...reader.read, ...from, "-show_entries"];
  args.push("packet=stream_index,pts_time,dts_time,duration_time,pos", "-of", "compact=p=0");
  args.push("-i", reader.address);
  return new Promise((resolve, reject) => {
    const child = spawn(reader.ffprobe, args, {
      env: reader.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: reader.timeoutMs,
      killSignal: "SIGKILL",
    });
    let complained = false;
    createInterface({ input: child.stderr }).on("line", (line) => {
      complained ||= reader.truncated.test(line);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const fields = new Map(line.split("|").map((field) => pair(field)));
      const value = (name: string) => Number(fields.get(name));
      const stream = value("stream_index");
      const dts = value("dts_time");
      const pts = value("pts_time");
      const time = Number.isNaN(dts) ? pts : dts;
      if (!wanted.has(stream) || Number.isNaN(time)) return;
      const duration = value("duration_time") || (stream === video?.index ? frame : 0);
      const position = value("pos") || 0;
      timeline.add({ stream, pts: Number.isNaN(pts) ? time : pts, dts: time, duration, position });
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(timeline.reading(code === 0 && !complained)));
  });
}

function pair(field: string): [string, string] {
  const [name = "", value = ""] = field.split("=");
  return [name, value];
}

/** A gap between the last frame and the end that nobody sees. */
const GAP_SECONDS = 0.5;
/** An estimate of the container that is this near to ours is the better one. */
const NEAR = 0.25;

/**
 * How a file's length is found: `all` by reading it, where the container does not state it, or states
 * the distance of two clocks that may have nothing to do with each other; `end` by reading its end,
 * where a recording may stand still; nothing where the container's index has it.
 */
export function lengthNeeds(media: MediaInfo): "all" | "end" | undefined {
  if (!media.durationSeconds || /^mpeg/.test(media.container)) return "all";
  return media.container.includes("matroska") ? "end" : undefined;
}

/** A file as its packets show it. `sizeBytes` is the whole file's. */
export function withLength(
  media: MediaInfo,
  found: PacketTimes | undefined,
  sizeBytes: number,
): MediaInfo {
  if (!found) return media;
  if (lengthNeeds(media) === "all") {
    return { ...withTracks(media, found), ...length(media, found, sizeBytes) };
  }
  const { video, durationSeconds = 0 } = media;
  const end = video && found.ends.get(video.index);
  if (!video || end === undefined || !found.complete) return media;
  const still = durationSeconds - end;
  return still > GAP_SECONDS ? { ...media, video: { ...video, stillSeconds: still } } : media;
}

/** Tracks with the lengths that were read; without any where not all was read. */
function withTracks(media: MediaInfo, { ends, startSeconds, complete }: PacketTimes): MediaInfo {
  const own = <T extends { index: number; durationSeconds?: number }>(track: T): T => {
    const { durationSeconds: _, ...rest } = track;
    const end = complete ? ends.get(track.index) : undefined;
    // The same track again.
    return { ...rest, ...(end !== undefined && { durationSeconds: end - startSeconds }) } as T;
  };
  return {
    ...media,
    ...(media.video && { video: own(media.video) }),
    audio: media.audio.map(own),
  };
}

function length(
  media: MediaInfo,
  { startSeconds, endSeconds, position, complete }: PacketTimes,
  sizeBytes: number,
): Pick<MediaInfo, "durationSeconds" | "lengthIsEstimate"> {
  const read = endSeconds - startSeconds;
  if (complete || position <= 0) return { durationSeconds: read };
  const estimate = read * Math.max(1, sizeBytes / position);
  const stated = media.durationSeconds;
  const near = stated !== undefined && Math.abs(stated - estimate) < NEAR * estimate;
  return { durationSeconds: near ? stated : estimate, lengthIsEstimate: true };
}

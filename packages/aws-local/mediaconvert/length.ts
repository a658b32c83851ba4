import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { probeStopped } from "./errors.ts";
import type { MediaInfo } from "./media.ts";

/** The times of a file's packets, in seconds without the clock's jumps. */
export interface PacketTimes {
  startSeconds: number;
  endSeconds: number;
  /** When each stream ends, by its index. */
  ends: Map<number, number>;
  /** The last packet's position in the file. */
  position: number;
  /** How often the clock jumps or has a gap, as where recordings were joined. */
  joins: number;
  /** False if the timeout ended the reading, or the demuxer reported missing bytes. */
  complete: boolean;
}

/** ffmpeg's own limits (`-dts_delta_threshold`), so that the duration is that of its output. */
const MOST_AHEAD_SECONDS = 10;
const MOST_BEHIND_SECONDS = 0.1;
/** A later packet does not follow the one before it directly. */
const JOIN_SECONDS = 0.5;

/** Computes a file's duration from its packets, in the order in which they are stored. */
export class Timeline {
  readonly #jumps: boolean;
  readonly #streams = new Map<number, { last: number; next: number }>();
  readonly #ends = new Map<number, number>();
  #offset = 0;
  #start = Number.POSITIVE_INFINITY;
  #position = 0;
  #joins = 0;

  /** `jumps`: whether the clock may restart in the file, as in joined transport streams. */
  constructor(jumps: boolean) {
    this.#jumps = jumps;
  }

  add(packet: { stream: number; pts: number; dts: number; duration: number; position: number }) {
    const { stream, duration, position } = packet;
    const before = this.#streams.get(stream);
    const delta = before ? packet.dts + this.#offset - before.next : 0;
    const back = before ? packet.dts + this.#offset + MOST_BEHIND_SECONDS < before.last : false;
    if (back || Math.abs(delta) > JOIN_SECONDS) this.#joins += 1;
    if (this.#jumps && (Math.abs(delta) > MOST_AHEAD_SECONDS || back)) this.#offset -= delta;
    const dts = packet.dts + this.#offset;
    const pts = packet.pts + this.#offset;
    this.#streams.set(stream, { last: dts, next: dts + duration });
    this.#ends.set(stream, Math.max(this.#ends.get(stream) ?? pts, pts + duration));
    this.#start = Math.min(this.#start, pts);
    if (position > 0) this.#position = position;
  }

  /** Undefined without any packet. */
  result(complete: boolean): PacketTimes | undefined {
    if (this.#ends.size === 0) return undefined;
    const endSeconds = Math.max(...this.#ends.values());
    return {
      startSeconds: this.#start,
      endSeconds,
      ends: this.#ends,
      position: this.#position,
      joins: this.#joins,
      complete,
    };
  }
}

export interface PacketReader {
  ffprobe: string;
  /** Arguments before the URL. */
  read: string[];
  url: string;
  /** The environment that the URL needs. */
  env: NodeJS.ProcessEnv;
  /** Starts at the key frame before this second. The default is the start. */
  fromSeconds?: number;
  timeoutMs: number;
  /** What ffprobe prints if bytes are missing. */
  truncated: RegExp;
}

/** Reads the packets of a file's video and audio without decoding them. @throws JobError if it was killed before any */
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
  args.push("-i", reader.url);
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
    child.on("close", (code, signal) => {
      const result = timeline.result(code === 0 && !complained);
      // The container's duration must not be used instead: joined streams state hours for seconds.
      if (!result && signal === "SIGKILL") reject(probeStopped());
      else resolve(result);
    });
  });
}

function pair(field: string): [string, string] {
  const [name = "", value = ""] = field.split("=");
  return [name, value];
}

/** A gap between the last frame and the end that viewers do not notice. */
const GAP_SECONDS = 0.5;
/** The container's duration is used if it differs from the estimate by less than this factor. */
const NEAR = 0.25;

/** ffmpeg estimates the duration of these from their first bit rates, and computes it from two unrelated clocks. */
const ESTIMATED = /^(mpeg|aac$|mp3$|ac3$|eac3$)/;

/**
 * What to read to find a file's duration. `all`: the whole file, if the container does not state the
 * duration, or not the right one. `end`: its end, if the recording may show a still
 * picture there. Undefined: nothing, because the container's index has it.
 */
export function lengthNeeds(media: MediaInfo): "all" | "end" | undefined {
  if (!media.durationSeconds || ESTIMATED.test(media.container)) return "all";
  return media.container.includes("matroska") ? "end" : undefined;
}

/** Adds the duration that the packets show. `sizeBytes` is the size of the whole file. */
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

/** Sets the tracks' durations as read. Removes them if the file was not read completely. */
function withTracks(media: MediaInfo, found: PacketTimes): MediaInfo {
  const { ends, startSeconds, complete, joins } = found;
  const withDuration = <T extends { index: number; durationSeconds?: number }>(track: T): T => {
    const end = complete ? ends.get(track.index) : undefined;
    const read = end === undefined ? undefined : end - startSeconds;
    return { ...track, durationSeconds: read };
  };
  return {
    ...media,
    joins: complete ? joins : undefined,
    video: media.video && withDuration(media.video),
    audio: media.audio.map(withDuration),
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

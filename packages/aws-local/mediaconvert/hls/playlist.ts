import type { AudioContent, CmafTrack } from "../translate/plan.ts";
import { CAPTIONS_GROUP } from "./captions.ts";

/** A segment of a track, as a range of the track's file. */
export interface Segment {
  seconds: number;
  start: number;
  bytes: number;
}

/** What a track's file contains so far. */
export interface TrackFile {
  /** The length of the initialization segment at the file's start. 0 before it is written. */
  initBytes: number;
  segments: Segment[];
}

/**
 * Parses the playlist that ffmpeg writes for a track. ffmpeg may be writing it: only entries with all of their
 * lines count. Their bytes are in the file.
 */
export function parseTrackFile(text: string): TrackFile {
  const init = /^#EXT-X-MAP:URI="[^"]*",BYTERANGE="(\d+)@0"$/m.exec(text);
  const entries = text.matchAll(/^#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n[^#\n]+\n/gm);
  return {
    initBytes: Number(init?.[1] ?? 0),
    segments: Array.from(entries, ([, seconds, bytes, start]) => ({
      seconds: Number(seconds),
      start: Number(start),
      bytes: Number(bytes),
    })),
  };
}

/** The extension of a track's segments, as on AWS. */
export const extensionOf = ({ content }: CmafTrack) => (content.type === "video" ? "cmfv" : "cmfa");

/** The key of a track's initialization segment. */
export const initKey = (track: CmafTrack) => `${track.keyStem}init.${extensionOf(track)}`;

/** The key of a track's segment, counted from 0. */
export const segmentKey = (track: CmafTrack, at: number) =>
  `${track.keyStem}_${String(at + 1).padStart(9, "0")}.${extensionOf(track)}`;

export const playlistKey = ({ keyStem }: { keyStem: string }) => `${keyStem}.m3u8`;

/** The address of an object from a playlist in the same folder. */
export const uri = (key: string) => encodeURIComponent(key.slice(key.lastIndexOf("/") + 1));

/**
 * A track's media playlist. While the track grows it lists the segments so far, and says that playback begins
 * at the start: players would begin near the end, as for a live stream.
 *
 * @param segmentSeconds the length of the track's segments but the last. Sound may be longer by a frame
 */
export function mediaPlaylist(
  track: CmafTrack,
  segments: readonly Segment[],
  segmentSeconds: number,
  isComplete: boolean,
): string {
  // It must not change, and no length may be above it when rounded.
  const target = Math.max(1, Math.round(segmentSeconds + 0.1));
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${target}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  if (!isComplete) lines.push("#EXT-X-START:TIME-OFFSET=0,PRECISE=YES");
  lines.push(`#EXT-X-MAP:URI="${uri(initKey(track))}"`);
  segments.forEach(({ seconds }, at) => {
    lines.push(`#EXTINF:${seconds.toFixed(6)},`, uri(segmentKey(track, at)));
  });
  if (isComplete) lines.push("#EXT-X-ENDLIST");
  return join(lines);
}

/** Bits per second of a track. */
export interface TrackRate {
  /** The highest of any segment. */
  peak: number;
  /** Absent while the track grows. */
  average?: number;
}

export interface PublishedTrack {
  track: CmafTrack;
  /** As in RFC 6381. */
  codec: string;
  rate: TrackRate;
}

/** The most that a track can have: the encoder's buffer allows one second of it above the average. */
export function upperBound({ content }: CmafTrack): TrackRate {
  return { peak: content.type === "video" ? content.maxBitRate * 1.5 : content.bitRate };
}

/** What the segments of a complete track have. A last segment that is short is counted with the one before it. */
export function measuredRate(segments: readonly Segment[], segmentSeconds: number): TrackRate {
  const sums = segments.map(({ bytes, seconds }) => ({ bytes, seconds }));
  const last = sums.at(-1);
  const before = sums.at(-2);
  if (last && before && last.seconds < segmentSeconds / 2) {
    before.bytes += last.bytes;
    before.seconds += last.seconds;
    sums.pop();
  }
  const bitRate = ({ bytes, seconds }: { bytes: number; seconds: number }) =>
    Math.ceil((bytes * 8) / Math.max(seconds, 0.001));
  const whole = sums.reduce(
    (sum, one) => ({ bytes: sum.bytes + one.bytes, seconds: sum.seconds + one.seconds }),
    { bytes: 0, seconds: 0 },
  );
  return { peak: Math.max(0, ...sums.map(bitRate)), average: bitRate(whole) };
}

/** Lines of the multivariant playlist for captions and images. */
export interface ExtraLines {
  captions: string[];
  images: string[];
}

/**
 * The playlist of all tracks of a group. Each variant has one rung and the audio that a player chooses. Without
 * video, one audio track is the variant.
 */
export function multivariantPlaylist(
  tracks: readonly PublishedTrack[],
  extras: ExtraLines = { captions: [], images: [] },
): string {
  const videos = tracks.filter(({ track }) => track.content.type === "video");
  const audios = tracks.flatMap((one) =>
    one.track.content.type === "audio" ? [{ ...one, content: one.track.content }] : [],
  );
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];
  const [only, ...others] = audios;
  if (videos.length === 0 && only && others.length === 0) {
    return join([...lines, ...extras.captions, ...variant({ first: only, audios, extras })]);
  }
  for (const { track, content } of audios) lines.push(audioLine(track, content));
  lines.push(...extras.captions);
  const firsts = videos.length > 0 ? videos : audios.slice(0, 1);
  const groups = [...new Set(audios.map(({ content }) => content.audioGroup))];
  if (groups.length === 0) {
    lines.push(...firsts.flatMap((first) => variant({ first, audios, extras })));
  }
  for (const audioGroup of groups) {
    const inGroup = audios.filter(({ content }) => content.audioGroup === audioGroup);
    const group = { audios: inGroup, audioGroup, extras };
    lines.push(...firsts.flatMap((first) => variant({ first, ...group })));
  }
  return join([...lines, ...extras.images]);
}

const join = (lines: readonly string[]) => `${lines.join("\n")}\n`;

const yes = (is: boolean) => (is ? "YES" : "NO");

function audioLine(track: CmafTrack, content: AudioContent): string {
  const language = content.language ? [`LANGUAGE="${content.language}"`] : [];
  return `#EXT-X-MEDIA:${[
    "TYPE=AUDIO",
    `GROUP-ID="${content.audioGroup}"`,
    `NAME="${content.name}"`,
    ...language,
    `DEFAULT=${yes(content.isDefault)}`,
    `AUTOSELECT=${yes(content.isDefault || content.isAutoSelected)}`,
    `CHANNELS="${content.channels}"`,
    `URI="${uri(playlistKey(track))}"`,
  ].join(",")}`;
}

interface Variant {
  /** The track whose playlist is named. */
  first: PublishedTrack;
  /** The audio that a player may choose with it: one at a time. */
  audios: readonly PublishedTrack[];
  audioGroup?: string;
  extras: ExtraLines;
}

function variant({ first, audios, audioGroup, extras }: Variant): string[] {
  const { content } = first.track;
  const others = audios.filter(({ track }) => track !== first.track);
  const rateOf = (of: (rate: TrackRate) => number) => {
    const most = Math.max(0, ...others.map(({ rate }) => of(rate)));
    // Without video, the first track is one of the audios that a player chooses from.
    const sum = content.type === "video" ? of(first.rate) + most : Math.max(of(first.rate), most);
    return Math.ceil(sum);
  };
  const codecs = new Set([first.codec, ...others.map(({ codec }) => codec)]);
  const attributes = [`BANDWIDTH=${rateOf(({ peak }) => peak)}`];
  if (first.rate.average !== undefined) {
    attributes.push(`AVERAGE-BANDWIDTH=${rateOf(({ average = 0 }) => average)}`);
  }
  attributes.push(`CODECS="${[...codecs].join(",")}"`);
  if (content.type === "video") {
    const { size, rate } = content;
    attributes.push(`RESOLUTION=${size.width}x${size.height}`);
    attributes.push(`FRAME-RATE=${(rate.numerator / rate.denominator).toFixed(3)}`);
  }
  if (audioGroup !== undefined) attributes.push(`AUDIO="${audioGroup}"`);
  if (extras.captions.length > 0) attributes.push(`SUBTITLES="${CAPTIONS_GROUP}"`);
  return [`#EXT-X-STREAM-INF:${attributes.join(",")}`, uri(playlistKey(first.track))];
}

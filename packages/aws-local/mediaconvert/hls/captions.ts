import type { CmafCaptions } from "../translate/plan.ts";

/**
 * WebVTT as a segment of HLS. Its times are those of the video: both begin at 0, and the header says so.
 * https://www.rfc-editor.org/rfc/rfc8216#section-3.5
 *
 * @param text what ffmpeg wrote
 */
export function captionsSegment(text: string): string {
  const [, ...cues] = text.split("\n");
  return ["WEBVTT", "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0", ...cues].join("\n");
}

/** The playlist of captions with one segment: the text of a long video is smaller than a segment of its video. */
export function captionsPlaylist(segmentUri: string, seconds: number): string {
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(seconds))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXTINF:${seconds.toFixed(6)},`,
    segmentUri,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

/** The group of all captions, as on AWS. */
export const CAPTIONS_GROUP = "subs";

/** A line of the multivariant playlist. No captions are shown until a person chooses them. */
export function captionsLine(captions: CmafCaptions, uri: string): string {
  const { language, name, isAccessible } = captions;
  const attributes = ["TYPE=SUBTITLES", `GROUP-ID="${CAPTIONS_GROUP}"`, `NAME="${name}"`];
  if (language !== undefined) attributes.push(`LANGUAGE="${language}"`);
  attributes.push("DEFAULT=NO", "AUTOSELECT=YES", "FORCED=NO");
  if (isAccessible) attributes.push(`CHARACTERISTICS="${ACCESSIBLE}"`);
  return `#EXT-X-MEDIA:${[...attributes, `URI="${uri}"`].join(",")}`;
}

const ACCESSIBLE =
  "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";

import type { Info } from "@rushes/core/rendition/schema";
import { sizeName } from "@rushes/core/rendition/size-name";

/** The names of renditions that are no MP4. */
const NAMES: Partial<Record<Info["label"], string>> = {
  hls: "Adaptive",
  audio: "Audio",
  poster: "Poster",
};

/** The name of a rendition: of an MP4 its true size, because the suffix of its key says nothing about it. */
export function renditionName({ label, width, height }: Info): string {
  return NAMES[label] ?? (width && height ? sizeName({ width, height }) : label);
}

/** True if a frame of it can become a poster. */
export const hasPicture = ({ kind, rungs }: Pick<Info, "kind" | "rungs">): boolean =>
  kind === "mp4" || (kind === "hls" && rungs?.length !== 0);

/** The end of a file's name, with which scripts choose it. Undefined for renditions that are no single file. */
export function fileSuffix({ kind, label }: Info): string | undefined {
  if (kind === "mp4") return `-${label}.mp4`;
  return kind === "audio" ? `-${label}.m4a` : undefined;
}

/** Encodes of one picture with equal settings differ by less. */
const MOST_DIFFERENCE = 0.01;

/** True for files with equal bytes, and for files that were made from one rung and encoded separately. */
function samePicture(a: Info, b: Info): boolean {
  if (a.checksum === b.checksum) return true;
  if (a.kind !== "mp4" || b.kind !== "mp4" || !a.bitRate || !b.bitRate) return false;
  const equal = (["width", "height", "frameRate", "videoCodec", "videoProfile"] as const).every(
    (field) => a[field] === b[field],
  );
  return equal && Math.abs(a.bitRate / b.bitRate - 1) <= MOST_DIFFERENCE;
}

const ORDER: Record<Info["kind"], number> = { hls: 0, mp4: 1, audio: 2, poster: 3 };
const pixels = ({ width = 0, height = 0 }: Info) => width * height;

/** The renditions by their pictures: streams first, larger files before smaller ones, and equal files once. */
export function byPicture(renditions: readonly Info[]): [Info, ...Info[]][] {
  const groups: [Info, ...Info[]][] = [];
  const ordered = [...renditions].sort(
    (a, b) => ORDER[a.kind] - ORDER[b.kind] || pixels(b) - pixels(a),
  );
  for (const rendition of ordered) {
    const group = groups.find(([first]) => samePicture(first, rendition));
    if (group) group.push(rendition);
    else groups.push([rendition]);
  }
  return groups;
}

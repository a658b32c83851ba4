/** Reads what a file contains, in the browser. Import it only dynamically, because it contains mediabunny. */
import { familyOf } from "@rushes/core/source/magic";
import { isWhole } from "@rushes/core/source/whole";
import { BlobSource, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from "mediabunny";
import type { Preview } from "./preview-view.ts";

/** Enough for the signatures of all families. */
const HEAD_BYTES = 64 * 1024;

/** Undefined for a file that only the encoder can read. Reads headers, and not the pictures. */
export async function readPreview(file: Blob): Promise<Preview | undefined> {
  const read = async (offset: number, bytes: number) =>
    new Uint8Array(await file.slice(offset, offset + bytes).arrayBuffer());
  const family = familyOf(await read(0, HEAD_BYTES));
  if (!family) return { type: "not_media" };
  if (family === "picture" || family === "animated-picture") return { type: "picture" };
  if (!(await isWhole(family, file.size, read))) return { type: "truncated" };
  const formats = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];
  const input = new Input({ source: new BlobSource(file), formats });
  try {
    return (await input.canRead()) ? await contentOf(input) : undefined;
  } finally {
    input.dispose();
  }
}

async function contentOf(input: Input): Promise<Preview | undefined> {
  const durationSeconds = (await input.getDurationFromMetadata()) ?? undefined;
  const track = await input.getPrimaryVideoTrack();
  if (!track) {
    return (await input.getPrimaryAudioTrack()) ? { type: "audio", durationSeconds } : undefined;
  }
  const { num, den } = await track.getPixelAspectRatio();
  const picture = {
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
    rotation: await track.getRotation(),
    sampleAspect: num / den,
  };
  return { type: "video", picture, durationSeconds };
}

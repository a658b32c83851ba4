import { formatSpan } from "@rushes/core/format";
import { displaySize, ladderFor, type StoredPicture } from "@rushes/core/rendition/ladder";
import { sizeName } from "@rushes/core/rendition/size-name";
import type { ProfileOutput } from "../profile/profile-field.ts";

/** What the browser finds in a file. */
export type Preview =
  | {
      type: "video";
      picture: StoredPicture;
      /** Undefined if the container does not state it. */
      durationSeconds: number | undefined;
    }
  | { type: "audio"; durationSeconds: number | undefined }
  | { type: "truncated" | "picture" | "not_media" };

/** The line below a file: what it is and what it becomes, or why it will be rejected. */
export function previewLine(
  preview: Preview,
  output: ProfileOutput | undefined,
): { text: string; tone: "quiet" | "danger" } {
  switch (preview.type) {
    case "video":
      return { text: videoSentence(preview, output), tone: "quiet" };
    case "audio":
      return { text: withOutput([length(preview)], "audio only"), tone: "quiet" };
    case "truncated":
      return { text: "The end of this file is missing. Upload the whole file.", tone: "danger" };
    case "picture":
      return { text: "This is an image, not a video.", tone: "danger" };
    case "not_media":
      return {
        text: "This is not a video file, or its format is not supported.",
        tone: "danger",
      };
  }
}

function videoSentence(
  video: Extract<Preview, { type: "video" }>,
  output: ProfileOutput | undefined,
): string {
  const { width, height } = displaySize(video.picture);
  const facts = [`${Math.round(width)}×${Math.round(height)}`, length(video)];
  switch (output?.kind) {
    case undefined:
      return withOutput(facts, undefined);
    case "sound":
      return withOutput(facts, "audio only");
    case "files":
      return withOutput(facts, output.files === 1 ? "1 MP4 file" : `${output.files} MP4 files`);
    case "hls":
      return withOutput(facts, rungs(video, output.maxShortSide));
  }
}

/** The sizes of the adaptive stream. The frame rate changes only their bit rates. */
function rungs(video: Extract<Preview, { type: "video" }>, maxShortSide: number): string {
  const durationSeconds = video.durationSeconds ?? 0;
  return ladderFor({ ...video.picture, durationSeconds, frameRate: 30 }, { maxShortSide })
    .map(sizeName)
    .join(", ");
}

const length = ({ durationSeconds }: { durationSeconds: number | undefined }) =>
  durationSeconds === undefined ? undefined : formatSpan(durationSeconds * 1000);

function withOutput(facts: (string | undefined)[], output: string | undefined): string {
  const known = facts.filter(Boolean).join(", ");
  return [known, output && `Becomes ${output}`].filter(Boolean).join(". ");
}

import * as z from "zod";
import { formatLength } from "../format.ts";
import { languageName } from "../language.ts";

/** A warning about an attempt that still completes. Safe in the browser. */
export const Warning = z.discriminatedUnion("type", [
  /** Part of the source's data is corrupt: pictures or sound are missing or wrong there. */
  z.object({ type: z.literal("source.damaged") }),
  /** The size or the pixel format of the picture changes in the middle. */
  z.object({ type: z.literal("source.changed") }),
  /** The source states another length than its video and sound have. */
  z.object({
    type: z.literal("source.length"),
    statedSeconds: z.number(),
    seconds: z.number(),
  }),
  /** The source states a sound track, and has no sound. */
  z.object({ type: z.literal("source.silent") }),
  /** The source has subtitles in a format that the encoder cannot read, such as pictures, or its profile has no captions. */
  z.object({
    type: z.literal("source.captions"),
    /** BCP 47, of the subtitles that were not carried over and that state a language. */
    languages: z.array(z.string()),
  }),
  /** A captions file beside the source could not be added. It is about no attempt. */
  z.object({
    type: z.literal("captions.file"),
    fileName: z.string(),
    /** A sentence of the errors that the API has for captions. */
    problem: z.string(),
  }),
]);
export type Warning = z.infer<typeof Warning>;

export function warningSentence(warning: Warning): string {
  switch (warning.type) {
    case "source.damaged":
      return "Part of the file is damaged, so video or audio may be missing or wrong there. If you have an undamaged copy, upload that.";
    case "source.changed":
      return "The size or the format of the picture changes in the middle of the file. The whole video was encoded with the size at its start.";
    case "source.length":
      return `The file states a length of ${formatLength(warning.statedSeconds)}, but its content is ${formatLength(warning.seconds)} long. All of the content was encoded.`;
    case "source.silent":
      return "The file has an audio track, but no sound in it could be read.";
    case "source.captions": {
      const names = warning.languages.map((tag) => languageName(tag) ?? tag).join(", ");
      return `The subtitles in the file${names ? ` (${names})` : ""} were not carried over. Add them under Captions, as a WebVTT or SubRip (.srt) file.`;
    }
    case "captions.file":
      return `${warning.fileName} beside the video was not added as captions. ${warning.problem} Replace the file, or add captions under Captions.`;
    default:
      return warning satisfies never;
  }
}

import type { Output, OutputGroup } from "@aws-sdk/client-mediaconvert";
import type { TranscodeRequest } from "./source.ts";

/** An output group of files. `name` is for people who read the job. */
export function fileGroup(request: TranscodeRequest, name: string, outputs: Output[]): OutputGroup {
  return {
    Name: "File Group",
    CustomName: name,
    OutputGroupSettings: {
      Type: "FILE_GROUP_SETTINGS",
      // With a trailing file name, because MediaConvert would otherwise use the source's.
      FileGroupSettings: { Destination: `${request.destination}${request.safeName}` },
    },
    Outputs: outputs,
  };
}

/** An MP4 file, or an M4A file without a picture. */
export function mp4Output(
  label: string,
  extension: "mp4" | "m4a",
  tracks: Pick<Output, "VideoDescription" | "AudioDescriptions">,
): Output {
  return {
    NameModifier: `-${label}`,
    // Without it, MediaConvert uses whatever follows a dot in the name.
    Extension: extension,
    ContainerSettings: {
      Container: "MP4",
      Mp4Settings: { MoovPlacement: "PROGRESSIVE_DOWNLOAD" },
    },
    ...tracks,
  };
}

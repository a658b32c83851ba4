/** The rules that concern several settings of CreateJob. */
import type * as z from "zod";
import type { Input } from "./schema-input.ts";
import { destinationOf, type Output, type OutputGroup } from "./schema-output.ts";

type Report = (at: (string | number)[], message: string) => void;

interface OutputCheck {
  group: OutputGroup;
  output: Output;
  input: Input | undefined;
  /** The files of the outputs before this one. */
  files: Set<string>;
  report: Report;
}

const isCapture = (output: Output) =>
  output.videoDescription?.codecSettings.codec === "FRAME_CAPTURE";

const deinterlacerOf = (output: Output | undefined) =>
  output?.videoDescription?.videoPreprocessors?.deinterlacer;

export function checkOutputs(
  settings: { inputs: Input[]; outputGroups: OutputGroup[] },
  check: z.core.$RefinementCtx,
): void {
  const [input] = settings.inputs;
  const files = new Set<string>();
  const all = settings.outputGroups.flatMap(({ outputs }) => outputs);
  // One decode feeds all outputs.
  const deinterlacer = deinterlacerOf(all.find(({ videoDescription }) => videoDescription));
  settings.outputGroups.forEach((group, g) => {
    checkImages(group, (message) =>
      check.addIssue({ code: "custom", path: ["outputGroups", g, "outputs"], message }),
    );
    group.outputs.forEach((output, o) => {
      const report: Report = (at, message) =>
        check.addIssue({
          code: "custom",
          path: ["outputGroups", g, "outputs", o, ...at],
          message,
        });
      checkOutput({ group, output, input, files, report });
      if (output.videoDescription && deinterlacerOf(output)?.control !== deinterlacer?.control) {
        const at = ["videoDescription", "videoPreprocessors", "deinterlacer"];
        report(at, "must be the same for all outputs");
      }
    });
  });
  if (all.every(isCapture)) {
    check.addIssue({
      code: "custom",
      path: ["outputGroups"],
      message: "a job with frame captures needs another output too",
    });
  }
}

function checkImages({ outputGroupSettings, outputs }: OutputGroup, report: (m: string) => void) {
  if (outputGroupSettings.type !== "CMAF_GROUP_SETTINGS") return;
  const hasVideo = outputs.some(({ videoDescription }) => videoDescription);
  const hasImages = outputGroupSettings.cmafGroupSettings.imageBasedTrickPlay !== "NONE";
  if (hasImages && !hasVideo) report("must have video for imageBasedTrickPlay");
  if (!hasVideo && outputs.every(({ audioDescriptions }) => audioDescriptions.length === 0)) {
    report("must have video or audio");
  }
}

function checkOutput(check: OutputCheck): void {
  const { group, output, input, files, report } = check;
  const isCmaf = group.outputGroupSettings.type === "CMAF_GROUP_SETTINGS";
  if ((isCmaf || group.outputs.length > 1) && output.nameModifier === undefined) {
    report(["nameModifier"], "is required when a group has several outputs");
  }
  const file = [destinationOf(group), output.nameModifier, output.extension].join("\n");
  if (files.has(file)) report(["nameModifier"], "creates the same file as another output");
  files.add(file);
  if (isCmaf !== (output.containerSettings.container === "CMFC")) {
    report(["containerSettings", "container"], "does not fit the output group");
  } else if (isCmaf) {
    checkCmaf(check);
  } else {
    checkFile(check);
  }
  output.audioDescriptions.forEach((audio, a) => {
    const name = audio.audioSourceName ?? "Audio Selector 1";
    if (input?.audioSelectors[name]) return;
    report(["audioDescriptions", a, "audioSourceName"], `names no selector: ${name}`);
  });
  output.captionDescriptions.forEach(({ captionSelectorName: name }, c) => {
    if (input?.captionSelectors[name]) return;
    report(["captionDescriptions", c, "captionSelectorName"], `names no selector: ${name}`);
  });
}

function checkFile({ output, report }: OutputCheck): void {
  const capture = isCapture(output);
  if (capture !== (output.containerSettings.container === "RAW")) {
    report(["containerSettings", "container"], "does not fit the codec");
  }
  if (capture && output.audioDescriptions.length > 0) {
    report(["audioDescriptions"], "a frame capture has no audio");
  }
  if (output.captionDescriptions.length > 0) {
    report(["captionDescriptions"], "is not translated by this encoder in a file group");
  }
  if (!output.videoDescription && output.audioDescriptions.length === 0) {
    report([], "must have a videoDescription or audioDescriptions");
  }
}

/** A track of a CMAF group has one stream, and every segment begins with a keyframe. */
function checkCmaf({ group, output, report }: OutputCheck): void {
  if (output.extension !== undefined) report(["extension"], "is given by the container");
  const { videoDescription, audioDescriptions, captionDescriptions } = output;
  const tracks = [videoDescription ?? [], audioDescriptions, captionDescriptions].flat();
  if (tracks.length !== 1) {
    report([], "an output of a CMAF group has one track of video, audio or captions");
  }
  if (!videoDescription) return;
  const { codecSettings } = videoDescription;
  if (codecSettings.codec !== "H_264") {
    report(["videoDescription", "codecSettings", "codec"], "does not fit the container");
    return;
  }
  const { gopSize, gopSizeUnits, sceneChangeDetect } = codecSettings.h264Settings;
  const at = ["videoDescription", "codecSettings", "h264Settings"];
  const segmentLength =
    group.outputGroupSettings.type === "CMAF_GROUP_SETTINGS"
      ? group.outputGroupSettings.cmafGroupSettings.segmentLength
      : undefined;
  if (gopSizeUnits !== "SECONDS") report([...at, "gopSizeUnits"], "must be SECONDS");
  else if (gopSize !== segmentLength) report([...at, "gopSize"], "must be the segment length");
  if (sceneChangeDetect !== "DISABLED") {
    report([...at, "sceneChangeDetect"], "must be DISABLED: all outputs have the same keyframes");
  }
}

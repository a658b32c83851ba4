import * as z from "zod";
import { ApiError } from "./errors.ts";
import { AudioDescription, AudioSelector } from "./schema-audio.ts";
import { VideoDescription } from "./schema-video.ts";

/**
 * The settings of CreateJob that this encoder supports. Every object is strict: an unsupported setting is
 * rejected with its path, never dropped.
 */

// `$` begins a format identifier such as $dt$. None is supported.
const namePart = z
  .string()
  .max(256)
  .regex(/^[^$]*$/, "must not have format identifiers");

export const Output = z.strictObject({
  nameModifier: namePart.regex(/^[^/]*$/, "must not have a slash").optional(),
  extension: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9]*$/, "must be letters and digits")
    .optional(),
  containerSettings: z.discriminatedUnion("container", [
    z.strictObject({
      container: z.enum(["MP4"]),
      mp4Settings: z
        .strictObject({
          audioDuration: z.literal("DEFAULT_CODEC_DURATION").optional(),
          cslgAtom: z.enum(["INCLUDE", "EXCLUDE"]).default("EXCLUDE"),
          cttsVersion: z.literal(0).optional(),
          freeSpaceBox: z.literal("EXCLUDE").optional(),
          moovPlacement: z.enum(["PROGRESSIVE_DOWNLOAD", "NORMAL"]).default("NORMAL"),
        })
        .optional(),
    }),
    z.strictObject({ container: z.literal("RAW") }),
  ]),
  videoDescription: VideoDescription.optional(),
  audioDescriptions: z.array(AudioDescription).max(100).default([]),
});
export type Output = z.infer<typeof Output>;

export const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s;

export function parseUrl(url: string): { Bucket: string; Key: string } {
  const [, Bucket = "", Key = ""] = S3_URL.exec(url) ?? [];
  return { Bucket, Key };
}

export const OutputGroup = z.strictObject({
  name: z.string().optional(),
  customName: z.string().optional(),
  outputGroupSettings: z.strictObject({
    type: z.literal("FILE_GROUP_SETTINGS"),
    fileGroupSettings: z.strictObject({
      destination: z
        .string()
        .regex(S3_URL, "must be s3://bucket/key")
        .regex(/^[^$]*$/, "must not have format identifiers"),
    }),
  }),
  outputs: z.array(Output).min(1, "Should have at least 1 items").max(100),
});

// Timecodes number the frames for clips and captions, and no output shows them.
const timecodeSource = z.enum(["ZEROBASED", "EMBEDDED", "SPECIFIEDSTART"]).optional();
const timecodeStart = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;]\d\d$/, "must be HH:MM:SS:FF")
  .optional();

export const Input = z.strictObject({
  fileInput: z.string().regex(S3_URL, "must be s3://bucket/key"),
  timecodeSource,
  timecodeStart,
  inputScanType: z.literal("AUTO").optional(),
  // AUTO filters only where MediaConvert finds a need, and no filter is translated.
  filterEnable: z.enum(["AUTO", "DISABLE"]).optional(),
  filterStrength: z.literal(0).optional(),
  deblockFilter: z.literal("DISABLED").optional(),
  denoiseFilter: z.literal("DISABLED").optional(),
  advancedInputFilter: z.literal("DISABLED").optional(),
  // ffmpeg reads a transport stream's tables, and finds streams that they lack.
  psiControl: z.enum(["IGNORE_PSI", "USE_PSI"]).optional(),
  videoSelector: z
    .strictObject({
      rotate: z
        .enum(["AUTO", "DEGREE_0", "DEGREES_90", "DEGREES_180", "DEGREES_270"])
        .default("DEGREE_0"),
      colorSpace: z.literal("FOLLOW").optional(),
      // Only of interest with a colorSpace to use.
      colorSpaceUsage: z.enum(["FALLBACK", "FORCE"]).optional(),
      sampleRange: z.literal("FOLLOW").optional(),
      alphaBehavior: z.literal("DISCARD").optional(),
      embeddedTimecodeOverride: z.literal("NONE").optional(),
      padVideo: z.literal("DISABLED").optional(),
    })
    .default({ rotate: "DEGREE_0" }),
  audioSelectors: z.record(z.string(), AudioSelector).default({}),
});
export type Input = z.infer<typeof Input>;

interface OutputCheck {
  group: z.infer<typeof OutputGroup>;
  output: Output;
  /** Names of the audio selectors. */
  selectors: string[];
  /** The files of the outputs before this one. */
  files: Set<string>;
  report(at: (string | number)[], message: string): void;
}

const isCapture = (output: Output) =>
  output.videoDescription?.codecSettings.codec === "FRAME_CAPTURE";

const deinterlacerOf = (output: Output | undefined) =>
  output?.videoDescription?.videoPreprocessors?.deinterlacer;

/** The rules that concern several settings. */
function checkOutputs(
  settings: { inputs: Input[]; outputGroups: z.infer<typeof OutputGroup>[] },
  check: z.core.$RefinementCtx,
): void {
  const selectors = Object.keys(settings.inputs[0]?.audioSelectors ?? {});
  const files = new Set<string>();
  // One decode feeds all outputs.
  const withPicture = settings.outputGroups.flatMap(({ outputs }) =>
    outputs.filter(({ videoDescription }) => videoDescription),
  );
  const deinterlacer = deinterlacerOf(withPicture[0]);
  settings.outputGroups.forEach((group, g) => {
    group.outputs.forEach((output, o) => {
      const report = (at: (string | number)[], message: string) =>
        check.addIssue({
          code: "custom",
          path: ["outputGroups", g, "outputs", o, ...at],
          message,
        });
      checkOutput({ group, output, selectors, files, report });
      if (output.videoDescription && deinterlacerOf(output)?.control !== deinterlacer?.control) {
        const at = ["videoDescription", "videoPreprocessors", "deinterlacer"];
        report(at, "must be the same for all outputs");
      }
    });
  });
  if (settings.outputGroups.every(({ outputs }) => outputs.every(isCapture))) {
    check.addIssue({
      code: "custom",
      path: ["outputGroups"],
      message: "a job with frame captures needs another output too",
    });
  }
}

function checkOutput({ group, output, selectors, files, report }: OutputCheck): void {
  if (group.outputs.length > 1 && output.nameModifier === undefined) {
    report(["nameModifier"], "is required when a group has several outputs");
  }
  const { destination } = group.outputGroupSettings.fileGroupSettings;
  const file = [destination, output.nameModifier, output.extension].join("\n");
  if (files.has(file)) report(["nameModifier"], "creates the same file as another output");
  files.add(file);
  const capture = isCapture(output);
  if (capture !== (output.containerSettings.container === "RAW")) {
    report(["containerSettings", "container"], "does not fit the codec");
  }
  if (capture && output.audioDescriptions.length > 0) {
    report(["audioDescriptions"], "a frame capture has no audio");
  }
  if (!output.videoDescription && output.audioDescriptions.length === 0) {
    report([], "must have a videoDescription or audioDescriptions");
  }
  output.audioDescriptions.forEach((audio, a) => {
    const name = audio.audioSourceName ?? "Audio Selector 1";
    if (!selectors.includes(name)) {
      report(["audioDescriptions", a, "audioSourceName"], `names no selector: ${name}`);
    }
  });
}

export const JobSettings = z
  .strictObject({
    timecodeConfig: z.strictObject({ source: timecodeSource, start: timecodeStart }).optional(),
    adAvailOffset: z.literal(0).optional(),
    // The number of the input whose rate and size the outputs follow.
    followSource: z.literal(1).optional(),
    inputs: z
      .array(Input)
      .min(1, "Should have at least 1 items")
      .max(1, "Should have at most 1 items"),
    outputGroups: z.array(OutputGroup).min(1, "Should have at least 1 items").max(20),
  })
  .superRefine(checkOutputs);
export type JobSettings = z.infer<typeof JobSettings>;

const INTERVALS = [10, 12, 15, 20, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600].map(
  (seconds) => `SECONDS_${seconds}`,
);

export const CreateJob = z.strictObject({
  role: z.string().min(1),
  queue: z.string().optional(),
  clientRequestToken: z.string().min(1).max(256).optional(),
  userMetadata: z.record(z.string().max(256), z.string().max(256)).default({}),
  statusUpdateInterval: z.enum(INTERVALS).default("SECONDS_60"),
  priority: z.literal(0).optional(),
  accelerationSettings: z.strictObject({ mode: z.literal("DISABLED") }).optional(),
  simulateReservedQueue: z.literal("DISABLED").optional(),
  billingTagsSource: z.literal("JOB").optional(),
  hopDestinations: z.array(z.never()).optional(),
  settings: JobSettings,
});
export type CreateJob = z.infer<typeof CreateJob>;

/** Parses CreateJob's body. The ApiError contains the JSON pointer of the setting, as on AWS. */
export function parseCreateJob(body: unknown): CreateJob {
  const parsed = CreateJob.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues
    .flatMap((issue) => {
      if (issue.code !== "unrecognized_keys") return [`${pointer(issue.path)}: ${issue.message}`];
      return issue.keys.map(
        (key) => `${pointer([...issue.path, key])}: is not translated by this encoder`,
      );
    })
    .join("; ");
  throw new ApiError("BadRequestException", message);
}

function pointer(path: readonly PropertyKey[]): string {
  const from = path[0] === "settings" && path.length > 1 ? path.slice(1) : path;
  return from
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

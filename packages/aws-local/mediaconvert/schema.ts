import * as z from "zod";
import { ApiError } from "./errors.ts";
import { checkOutputs } from "./schema-check.ts";
import { Input, timecodeSource, timecodeStart } from "./schema-input.ts";
import { OutputGroup } from "./schema-output.ts";

/**
 * The settings of CreateJob that this encoder supports. Every object is strict: an unsupported setting is
 * rejected with its path, never dropped.
 */
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

import * as z from "zod";

/** A warning about an attempt that still completes. Safe in the browser. */
export const Warning = z.object({
  /** Part of the source's data is corrupt: pictures or sound are missing or wrong there. */
  type: z.literal("source.damaged"),
});
export type Warning = z.infer<typeof Warning>;

export function warningSentence(warning: Warning): string {
  switch (warning.type) {
    case "source.damaged":
      return "Part of the file is damaged, so video or audio may be missing or wrong there. If you have an undamaged copy, upload that.";
    default:
      return warning.type satisfies never;
  }
}

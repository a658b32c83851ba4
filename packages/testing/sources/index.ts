import { FILES } from "./files.ts";
import { AAC, picture, tone, X264 } from "./parts.ts";
import { PICTURES } from "./pictures.ts";
import type { OddSource } from "./source.ts";
import { subtitlePictures } from "./subtitle-pictures.ts";
import { TIMING } from "./timing.ts";
import { TRACKS } from "./tracks.ts";

/** Odd sources, and what becomes of each. A flow test runs them through the pipeline. */
export const SOURCES: readonly OddSource[] = [...PICTURES, ...TIMING, ...TRACKS, ...FILES];

/** Ordinary files that odd ones are made of. */
export const PARTS: readonly Pick<OddSource, "name" | "from">[] = [
  { name: "plain.mp4", from: [...picture(), ...tone(), ...X264, ...AAC] },
  { name: "fast.mp4", from: ["-i", "{plain.mp4}", "-c", "copy", "-movflags", "+faststart"] },
  { name: "part.ts", from: [...picture(), ...tone(), ...X264, ...AAC] },
  {
    name: "small.ts",
    from: [...picture("48x28"), ...tone(), ...X264, "-pix_fmt", "yuv422p", ...AAC],
  },
  { name: "pictures.sup", from: { bytes: subtitlePictures } },
  { name: "moving.webm", from: [...picture(), "-c:v", "libvpx", "-deadline", "realtime"] },
];

/** The table in Markdown. */
export function sourceTable(): string {
  const rows = SOURCES.map(
    ({ name, about, outcome }) => `| ${name} | ${about} | ${text(outcome)} |`,
  );
  return ["| file | what is odd | what becomes of it |", "|---|---|---|", ...rows].join("\n");
}

function text(outcome: OddSource["outcome"]): string {
  if ("rejected" in outcome) return `rejected: “${outcome.rejected}”`;
  if ("failed" in outcome) return `failed: “${outcome.failed}”`;
  const { size, seconds, sound, warnings = [] } = outcome;
  const parts = [size, `${seconds} s`, sound ? "sound" : "no sound"];
  return [...parts, ...warnings.map((type) => `warning \`${type}\``)].join(", ");
}

/** Compares the outputs of an attempt with its source and with what the encoder reported. Pure. */
import type { OutputProblem } from "../encoder/failure.ts";
import type { EncoderOutput } from "../encoder/update.ts";
import type { Info } from "../rendition/schema.ts";
import type { Media } from "../source/schema.ts";
import type { Warning } from "../source/warning.ts";

export interface Output {
  label: Info["label"];
  kind: Info["kind"];
  /** The size of its object. Undefined if it does not exist. */
  sizeBytes?: number | undefined;
  /** False if the object is shorter than its own index says. */
  isWhole: boolean;
  /** What Probe found in it. */
  media?:
    | Pick<Info, "width" | "height" | "audioCodec" | "durationSeconds" | "captions">
    | undefined;
  /** What the encoder reported about it. */
  reported?: Reported | undefined;
}

/** What the source states about itself. */
type Stated = Pick<Media, "durationSeconds" | "audioCodec" | "text">;
type Reported = Omit<EncoderOutput, "url">;

export interface Fault {
  label: Info["label"];
  problem: OutputProblem;
}

/**
 * The first output that does not do, or else the warnings about what the source explains: all outputs agree with each
 * other, and differ from what the source states.
 */
export function compare(
  outputs: readonly Output[],
  source: Stated | undefined,
): { fault?: Fault; warnings: Warning[] } {
  const siblings = siblingsOf(outputs);
  for (const output of outputs) {
    const problem = problemOf(output, siblings);
    if (problem) return { fault: { label: output.label, problem }, warnings: [] };
  }
  return { warnings: source ? differences(source, siblings) : [] };
}

interface Siblings {
  /** The longest output. 0 if none has a length. */
  seconds: number;
  haveSound: boolean;
  haveCaptions: boolean;
}

const isTimed = ({ kind }: Pick<Output, "kind">) => kind !== "poster";

function siblingsOf(outputs: readonly Output[]): Siblings {
  const media = outputs.filter(isTimed).flatMap((output) => output.media ?? []);
  return {
    seconds: Math.max(0, ...media.map(({ durationSeconds = 0 }) => durationSeconds)),
    haveSound: media.some(({ audioCodec }) => audioCodec !== undefined),
    haveCaptions: outputs.some((output) => (output.media?.captions ?? []).length > 0),
  };
}

function problemOf(output: Output, siblings: Siblings): OutputProblem | undefined {
  const { kind, sizeBytes, media, reported } = output;
  if (sizeBytes === undefined) return "missing";
  if (sizeBytes === 0) return "empty";
  if (!isTimed(output)) return undefined;
  if (!output.isWhole) return "incomplete";
  const hasPicture = media?.width !== undefined && media.height !== undefined;
  if (!media || (kind === "mp4" && !hasPicture)) return "unreadable";
  if (kind === "audio" && media.audioCodec === undefined) return "unreadable";
  const expected = Math.max(siblings.seconds, reported?.durationSeconds ?? 0);
  if (isShort(media.durationSeconds ?? 0, expected)) return "incomplete";
  if (hasPicture && differs(media, reported)) return "wrong_size";
  if (siblings.haveSound && media.audioCodec === undefined) return "silent";
  return undefined;
}

/** Frame rates and the padding of audio make outputs of one source differ by a few frames. */
function isShort(seconds: number, expected: number): boolean {
  return expected - seconds > Math.max(1, expected * 0.02);
}

function differs(media: { width?: number; height?: number }, reported: Reported = {}): boolean {
  const { width = media.width, height = media.height } = reported;
  return media.width !== width || media.height !== height;
}

function differences(source: Stated, { seconds, haveSound, haveCaptions }: Siblings): Warning[] {
  const stated = source.durationSeconds;
  const warnings: Warning[] = [];
  if (stated > 0 && seconds > 0 && (isShort(seconds, stated) || isLong(seconds, stated))) {
    warnings.push({ type: "source.length", statedSeconds: stated, seconds });
  }
  if (source.audioCodec !== undefined && !haveSound) warnings.push({ type: "source.silent" });
  const lost = (source.text ?? []).filter(({ isTimedText }) => !isTimedText || !haveCaptions);
  if (lost.length > 0) {
    const languages = lost.flatMap(({ language }) => language ?? []);
    warnings.push({ type: "source.captions", languages: [...new Set(languages)] });
  }
  return warnings;
}

/** The length of a browser's recording is found from its clusters, and can be too short by one: five seconds. */
function isLong(seconds: number, stated: number): boolean {
  return seconds - stated > Math.max(6, stated * 0.1);
}

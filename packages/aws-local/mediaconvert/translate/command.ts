import { JOB_ERRORS, JobError } from "../errors.ts";
import type { AudioTrack, MediaInfo, VideoTrack } from "../media.ts";
import { type Input, type JobSettings, type Output, S3_URL } from "../schema.ts";
import { aacArgs, audioFilters, mergeChain, selectAudio } from "./audio.ts";
import { captureArgs, captureFilters } from "./frame.ts";
import { type Geometry, geometry, rotationOf, type Size, upright } from "./geometry.ts";
import {
  frameRate,
  h264Args,
  rateFilters,
  scaleFilters,
  sourceFilters,
  TAGS_709,
} from "./video.ts";

/** One output of a job: the file that ffmpeg writes, and its object. */
export interface PlannedOutput {
  group: number;
  /** The name in the work folder; for captures, a pattern with `%07d`. */
  file: string;
  bucket: string;
  /** The object's key without the extension and, for captures, without the number. */
  keyStem: string;
  extension: string;
  capture: boolean;
  contentType: string;
  size: Size;
}

export interface EncodePlan {
  /** ffmpeg's arguments after the input. It runs in the work folder. */
  args: string[];
  outputs: PlannedOutput[];
}

/**
 * Translates a job to one ffmpeg command. It decodes the input once, scales once per size, and writes each
 * output to a file in the work folder.
 *
 * @throws JobError if the settings do not fit the input
 */
export function translate(settings: JobSettings, media: MediaInfo): EncodePlan {
  const [input] = settings.inputs;
  const { video } = media;
  if (!input || !video) {
    throw new JobError(JOB_ERRORS.noVideo, "The input has no usable video track.");
  }
  const head = settings.outputGroups[0]?.outputs[0]?.videoDescription.videoPreprocessors;
  const degrees = rotationOf(input.videoSelector.rotate, video);
  const graph = new FilterGraph(video, degrees, sourceFilters(video, degrees, head?.deinterlacer));
  const args: string[] = [];
  const outputs: PlannedOutput[] = [];
  settings.outputGroups.forEach((group, g) => {
    group.outputs.forEach((output, o) => {
      const { destination } = group.outputGroupSettings.fileGroupSettings;
      const planned = planOutput(output, destination, input, graph.sizeOf(output), { g, o });
      outputs.push(planned);
      args.push(...outputArgs(output, input, media, graph), planned.file);
    });
  });
  return { args: ["-filter_complex", graph.text(), ...args], outputs };
}

function outputArgs(output: Output, input: Input, media: MediaInfo, graph: FilterGraph): string[] {
  const { codecSettings } = output.videoDescription;
  const withoutMetadata = ["-map_metadata", "-1", "-map_chapters", "-1"];
  if (codecSettings.codec === "FRAME_CAPTURE") {
    const pad = graph.capture(output, captureFilters(codecSettings.frameCaptureSettings));
    return [
      "-map",
      `[${pad}]`,
      ...withoutMetadata,
      ...captureArgs(codecSettings.frameCaptureSettings),
    ];
  }
  const rate = frameRate(codecSettings.h264Settings, graph.video);
  const pad = graph.encode(output, rateFilters(rate, graph.video));
  const audio = output.audioDescriptions.map((description) => [
    ...graph.audio(selectAudio(description, input, media)),
    ...aacArgs(description),
  ]);
  const { containerSettings } = output;
  const progressive =
    containerSettings.container === "MP4" &&
    containerSettings.mp4Settings?.moovPlacement === "PROGRESSIVE_DOWNLOAD";
  // The video's map comes first, so that it is the first track of the file.
  const args = ["-map", `[${pad}]`, ...audio.flat(), ...withoutMetadata];
  args.push(...h264Args(codecSettings.h264Settings, rate));
  args.push("-color_range", "tv");
  if (force709(output)) args.push(...TAGS_709);
  args.push("-max_muxing_queue_size", "4096", "-f", "mp4");
  if (progressive) args.push("-movflags", "+faststart");
  return args;
}

function force709(output: Output): boolean {
  const corrector = output.videoDescription.videoPreprocessors?.colorCorrector;
  return corrector?.colorSpaceConversion === "FORCE_709";
}

/** The object of an output: `Destination` + `NameModifier` + `.` + `Extension`. */
function planOutput(
  output: Output,
  destination: string,
  input: Input,
  size: Size,
  { g, o }: { g: number; o: number },
): PlannedOutput {
  const [, bucket = "", key = ""] = S3_URL.exec(destination) ?? [];
  const capture = output.containerSettings.container === "RAW";
  // If the destination ends with a slash, the input's name is used, as on AWS.
  const stem = key.endsWith("/") ? `${key}${baseName(input.fileInput)}` : key;
  const extension = output.extension || (capture ? "jpg" : "mp4");
  return {
    group: g,
    file: capture ? `${g}-${o}.%07d.jpg` : `${g}-${o}.mp4`,
    bucket,
    keyStem: `${stem}${output.nameModifier ?? ""}`,
    extension,
    capture,
    contentType: capture ? "image/jpeg" : "video/mp4",
    size,
  };
}

function baseName(url: string): string {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The filter graph: one source, a branch for each size, a pad for each output. */
class FilterGraph {
  readonly video: VideoTrack;
  readonly #degrees: VideoTrack["rotation"];
  /** The filters before the split. */
  readonly #shared: string[];
  readonly #branches = new Map<
    string,
    { filters: string[]; ends: { pad: string; filter: string }[] }
  >();
  readonly #captures: string[] = [];
  readonly #merges: string[] = [];
  #pads = 0;

  constructor(video: VideoTrack, degrees: VideoTrack["rotation"], shared: string[]) {
    this.video = video;
    this.#shared = shared;
    this.#degrees = degrees;
  }

  /** The size of an output's frames. */
  sizeOf(output: Output): Size {
    const to = this.#geometry(output);
    return to.pad ?? to.crop ?? to.scale;
  }

  /** Adds a branch that selects frames before it scales them. Returns the name of its pad. */
  capture(output: Output, select: string[]): string {
    const pad = `v${this.#pads++}`;
    const scale = scaleFilters(this.#geometry(output), this.video, force709(output), "jpeg");
    this.#captures.push(`${[...select, ...scale].join(",")}[${pad}]`);
    return pad;
  }

  /** Adds an output to the branch of its size. Returns the name of its pad. */
  encode(output: Output, filter: string): string {
    const pad = `v${this.#pads++}`;
    const filters = scaleFilters(this.#geometry(output), this.video, force709(output), "h264");
    const key = filters.join(",");
    const branch = this.#branches.get(key) ?? { filters, ends: [] };
    branch.ends.push({ pad, filter });
    this.#branches.set(key, branch);
    return pad;
  }

  /** Maps the audio of an output: one track through its own filters, or several through the graph. */
  audio(tracks: AudioTrack[]): string[] {
    const [track, ...others] = tracks;
    if (track && others.length === 0) {
      return ["-map", `0:${track.index}`, "-af", audioFilters(track)];
    }
    const pad = `a${this.#merges.length}`;
    this.#merges.push(mergeChain(tracks, pad));
    return ["-map", `[${pad}]`];
  }

  text(): string {
    const branches = [...this.#branches.values()];
    const names = [...branches, ...this.#captures].map((_, i) => `[s${i}]`);
    const head = [...this.#shared, `split=${names.length}${names.join("")}`];
    const chains = [`[0:${this.video.index}]${head.join(",")}`];
    branches.forEach(({ filters, ends }, b) => {
      const [only] = ends;
      if (ends.length === 1 && only) {
        chains.push(`[s${b}]${[...filters, only.filter].join(",")}[${only.pad}]`);
        return;
      }
      const pads = ends.map((_, e) => `[s${b}e${e}]`);
      chains.push(`[s${b}]${[...filters, `split=${ends.length}${pads.join("")}`].join(",")}`);
      ends.forEach(({ filter, pad }, e) => {
        chains.push(`${pads[e]}${filter}[${pad}]`);
      });
    });
    this.#captures.forEach((chain, c) => {
      chains.push(`[s${branches.length + c}]${chain}`);
    });
    return [...chains, ...this.#merges].join(";");
  }

  #geometry(output: Output): Geometry {
    return geometry(upright(this.video, this.#degrees), output.videoDescription);
  }
}

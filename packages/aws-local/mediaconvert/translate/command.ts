import { JOB_ERRORS, JobError } from "../errors.ts";
import type { MediaInfo, VideoTrack } from "../media.ts";
import { type Input, type JobSettings, type Output, S3_URL } from "../schema.ts";
import type { VideoDescription } from "../schema-video.ts";
import { type AudioMix, aacArgs, audioFilters, mixChain, selectAudio } from "./audio.ts";
import type { Samples } from "./color-tags.ts";
import { captureArgs, captureFilters } from "./frame.ts";
import { type Geometry, geometryOf, rotationOf, type Size } from "./geometry.ts";
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
  /** The size of its frames. Absent for an output without picture. */
  size?: Size;
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
  if (!input) throw new Error("The schema requires an input.");
  const graph = new FilterGraph(pictureOf(settings, input, media));
  const args: string[] = [];
  const outputs: PlannedOutput[] = [];
  settings.outputGroups.forEach((group, g) => {
    group.outputs.forEach((output, o) => {
      const { destination } = group.outputGroupSettings.fileGroupSettings;
      const planned = planOutput(output, destination, input, { g, o });
      planned.size = output.videoDescription && graph.sizeOf(output.videoDescription);
      outputs.push(planned);
      args.push(...outputArgs(output, input, media, graph), planned.file);
    });
  });
  const filters = graph.text();
  return { args: filters ? ["-filter_complex", filters, ...args] : args, outputs };
}

/** The picture that all outputs share. Undefined if no output has one. */
function pictureOf(settings: JobSettings, input: Input, { video }: MediaInfo): Picture | undefined {
  const descriptions = settings.outputGroups.flatMap(({ outputs }) =>
    outputs.flatMap(({ videoDescription }) => videoDescription ?? []),
  );
  const [first] = descriptions;
  if (!first) return undefined;
  if (!video) throw new JobError(JOB_ERRORS.noVideo, "The input has no usable video track.");
  const degrees = rotationOf(input.videoSelector.rotate, video);
  const filters = sourceFilters(video, degrees, first.videoPreprocessors?.deinterlacer);
  return { video, degrees, filters };
}

function outputArgs(output: Output, input: Input, media: MediaInfo, graph: FilterGraph): string[] {
  const { videoDescription } = output;
  if (videoDescription?.codecSettings.codec === "FRAME_CAPTURE") {
    const { frameCaptureSettings } = videoDescription.codecSettings;
    const pad = graph.capture(videoDescription, captureFilters(frameCaptureSettings));
    return ["-map", `[${pad}]`, ...WITHOUT_METADATA, ...captureArgs(frameCaptureSettings)];
  }
  // The video's map comes first, so that it is the first track of the file.
  const args = videoDescription ? videoArgs(videoDescription, graph) : [];
  output.audioDescriptions.forEach((description, a) => {
    const mix = selectAudio(description, input, media);
    args.push(...graph.audio(mix, a), ...aacArgs(description, mix, a));
  });
  args.push(...WITHOUT_METADATA, "-max_muxing_queue_size", "4096", "-f", "mp4");
  const flags = movFlags(output);
  if (flags) args.push("-movflags", flags);
  return args;
}

const WITHOUT_METADATA = ["-map_metadata", "-1", "-map_chapters", "-1"];

/** Maps and encodes the picture of a file. */
function videoArgs(description: VideoDescription, graph: FilterGraph): string[] {
  const { codecSettings } = description;
  if (codecSettings.codec !== "H_264") return [];
  const rate = frameRate(codecSettings.h264Settings, graph.video);
  const pad = graph.encode(description, rateFilters(rate, graph.video));
  const args = ["-map", `[${pad}]`, ...h264Args(codecSettings.h264Settings, rate)];
  args.push("-color_range", "tv");
  if (force709(description)) args.push(...TAGS_709);
  return args;
}

function movFlags({ containerSettings }: Output): string {
  if (containerSettings.container !== "MP4") return "";
  const { moovPlacement, cslgAtom } = containerSettings.mp4Settings ?? {};
  return [
    moovPlacement === "PROGRESSIVE_DOWNLOAD" ? "+faststart" : "",
    // Also writes the cslg box.
    cslgAtom === "INCLUDE" ? "+negative_cts_offsets" : "",
  ].join("");
}

function force709(description: VideoDescription): boolean {
  const corrector = description.videoPreprocessors?.colorCorrector;
  return corrector?.colorSpaceConversion === "FORCE_709";
}

/** The object of an output: `Destination` + `NameModifier` + `.` + `Extension`. */
function planOutput(
  output: Output,
  destination: string,
  input: Input,
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
    contentType: capture ? "image/jpeg" : output.videoDescription ? "video/mp4" : "audio/mp4",
  };
}

function baseName(url: string): string {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The source's picture: its track, its rotation, and the filters before the split. */
interface Picture {
  video: VideoTrack;
  degrees: VideoTrack["rotation"];
  filters: string[];
}

/** The filter graph: one source, a branch for each size, a pad for each output. */
class FilterGraph {
  readonly #picture: Picture | undefined;
  readonly #branches = new Map<
    string,
    { filters: string[]; ends: { pad: string; filter: string }[] }
  >();
  readonly #captures: string[] = [];
  readonly #mixes: string[] = [];
  #pads = 0;

  constructor(picture: Picture | undefined) {
    this.#picture = picture;
  }

  get video(): VideoTrack {
    return this.#source.video;
  }

  get #source(): Picture {
    if (!this.#picture) throw new Error("No output has a picture.");
    return this.#picture;
  }

  /** The size of an output's frames. */
  sizeOf(description: VideoDescription): Size {
    const to = this.#geometry(description);
    return to.pad ?? to.crop ?? to.scale;
  }

  /** Adds a branch that selects frames before it scales them. Returns the name of its pad. */
  capture(description: VideoDescription, select: string[]): string {
    const pad = `v${this.#pads++}`;
    const scale = this.#scale(description, "jpeg");
    this.#captures.push(`${[...select, ...scale].join(",")}[${pad}]`);
    return pad;
  }

  /** Adds an output to the branch of its size. Returns the name of its pad. */
  encode(description: VideoDescription, filter: string): string {
    const pad = `v${this.#pads++}`;
    const filters = this.#scale(description, "h264");
    const key = filters.join(",");
    const branch = this.#branches.get(key) ?? { filters, ends: [] };
    branch.ends.push({ pad, filter });
    this.#branches.set(key, branch);
    return pad;
  }

  /** Maps the audio track `a` of an output: one track through its own filters, or a mix from the graph. */
  audio({ tracks, weights }: AudioMix, a: number): string[] {
    const [track] = tracks;
    if (track && !weights) {
      return ["-map", `0:${track.index}`, `-filter:a:${a}`, audioFilters(track)];
    }
    const pad = `a${this.#mixes.length}`;
    this.#mixes.push(mixChain(tracks, weights ?? [], pad));
    return ["-map", `[${pad}]`];
  }

  /** Empty if no output needs a graph. */
  text(): string {
    return [...this.#videoChains(), ...this.#mixes].join(";");
  }

  #videoChains(): string[] {
    if (!this.#picture) return [];
    const { video, filters: shared } = this.#picture;
    const branches = [...this.#branches.values()];
    const names = [...branches, ...this.#captures].map((_, i) => `[s${i}]`);
    const head = [...shared, `split=${names.length}${names.join("")}`];
    const chains = [`[0:${video.index}]${head.join(",")}`];
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
    return chains;
  }

  #scale(description: VideoDescription, samples: Samples): string[] {
    const { video } = this.#source;
    return scaleFilters(this.#geometry(description), video, force709(description), samples);
  }

  #geometry(description: VideoDescription): Geometry {
    return geometryOf(this.#source.video, this.#source.degrees, description);
  }
}

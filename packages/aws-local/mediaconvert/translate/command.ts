import { JOB_ERRORS, JobError } from "../errors.ts";
import type { MediaInfo, VideoTrack } from "../media.ts";
import { type Input, type JobSettings, type Output, S3_URL } from "../schema.ts";
import { aacArgs, selectAudio } from "./audio.ts";
import { captureArgs, captureFilters } from "./frame.ts";
import { type Geometry, geometry, type Size, turn, upright } from "./geometry.ts";
import {
  frameRate,
  h264Args,
  rateFilters,
  scaleFilters,
  sourceFilters,
  TAGS_709,
} from "./video.ts";

/** One output of a job: the file that ffmpeg writes, and the object that it becomes. */
export interface PlannedOutput {
  group: number;
  /** Name in the work folder; of captures, a pattern with `%07d`. */
  file: string;
  bucket: string;
  /** The object's key without its extension (and, of captures, without their number). */
  keyStem: string;
  extension: string;
  capture: boolean;
  contentType: string;
  size: Size;
}

export interface EncodePlan {
  /** ffmpeg's arguments between the input and the end; run in the work folder. */
  args: string[];
  outputs: PlannedOutput[];
}

/**
 * Makes one ffmpeg command of a job: the input is decoded once, pictures of the same size are
 * scaled once, and every output is a file in the work folder.
 *
 * @throws JobError where the settings do not fit this input.
 */
export function translate(settings: JobSettings, media: MediaInfo): EncodePlan {
  const [input] = settings.inputs;
  const { video } = media;
  if (!input || !video) {
    throw new JobError(JOB_ERRORS.noVideo, "The input has no video track that can be used.");
  }
  const graph = new Graph(video, turn(input.videoSelector.rotate, video));
  const args: string[] = [];
  const outputs: PlannedOutput[] = [];
  settings.outputGroups.forEach((group, g) => {
    group.outputs.forEach((output, o) => {
      const { destination } = group.outputGroupSettings.fileGroupSettings;
      const planned = plan(output, destination, input, graph.sizeOf(output), { g, o });
      outputs.push(planned);
      args.push(...outputArgs(output, input, media, graph), planned.file);
    });
  });
  return { args: ["-filter_complex", graph.text(), ...args], outputs };
}

function outputArgs(output: Output, input: Input, media: MediaInfo, graph: Graph): string[] {
  const { codecSettings } = output.videoDescription;
  const forget = ["-map_metadata", "-1", "-map_chapters", "-1"];
  if (codecSettings.codec === "FRAME_CAPTURE") {
    const pad = graph.capture(output, captureFilters(codecSettings.frameCaptureSettings));
    return ["-map", `[${pad}]`, ...forget, ...captureArgs(codecSettings.frameCaptureSettings)];
  }
  const rate = frameRate(codecSettings.h264Settings, graph.video);
  const pad = graph.encode(output, rateFilters(rate, graph.video));
  const audio = output.audioDescriptions.map((description) => {
    const track = selectAudio(description, input, media);
    return ["-map", `0:${track.index}`, ...aacArgs(description, track)];
  });
  const { containerSettings } = output;
  const progressive =
    containerSettings.container === "MP4" &&
    containerSettings.mp4Settings?.moovPlacement === "PROGRESSIVE_DOWNLOAD";
  return [
    // The maps come first: the file's first track is the picture.
    ...["-map", `[${pad}]`, ...audio.flat(), ...forget],
    ...h264Args(codecSettings.h264Settings, rate),
    ...(force709(output) ? TAGS_709 : []),
    ...["-max_muxing_queue_size", "4096", "-f", "mp4"],
    ...(progressive ? ["-movflags", "+faststart"] : []),
  ];
}

function force709(output: Output): boolean {
  const corrector = output.videoDescription.videoPreprocessors?.colorCorrector;
  return corrector?.colorSpaceConversion === "FORCE_709";
}

/** Where an output's object goes: `Destination` + `NameModifier` + `.` + `Extension`. */
function plan(
  output: Output,
  destination: string,
  input: Input,
  size: Size,
  { g, o }: { g: number; o: number },
): PlannedOutput {
  const [, bucket = "", key = ""] = S3_URL.exec(destination) ?? [];
  const capture = output.containerSettings.container === "RAW";
  // A destination that ends with a slash takes the input's own name, as on AWS.
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

/** The filter graph: one source, branches by size, an end for each output. */
class Graph {
  readonly video: VideoTrack;
  readonly #degrees: VideoTrack["rotation"];
  readonly #branches = new Map<
    string,
    { filters: string[]; ends: { pad: string; filter: string }[] }
  >();
  readonly #captures: string[] = [];
  #pads = 0;

  constructor(video: VideoTrack, degrees: VideoTrack["rotation"]) {
    this.video = video;
    this.#degrees = degrees;
  }

  /** The size of an output's picture. */
  sizeOf(output: Output): Size {
    const to = this.#geometry(output);
    return to.pad ?? to.crop ?? to.scale;
  }

  /** A branch of its own: picked first, scaled after. Returns its pad's name. */
  capture(output: Output, pick: string[]): string {
    const pad = `v${this.#pads++}`;
    const scale = scaleFilters(this.#geometry(output), this.video, force709(output), "yuvj420p");
    this.#captures.push(`${[...pick, ...scale].join(",")}[${pad}]`);
    return pad;
  }

  /** An end of the branch of its size. Returns its pad's name. */
  encode(output: Output, filter: string): string {
    const pad = `v${this.#pads++}`;
    const filters = scaleFilters(this.#geometry(output), this.video, force709(output), "yuv420p");
    const key = filters.join(",");
    const branch = this.#branches.get(key) ?? { filters, ends: [] };
    branch.ends.push({ pad, filter });
    this.#branches.set(key, branch);
    return pad;
  }

  text(): string {
    const branches = [...this.#branches.values()];
    const names = [...branches, ...this.#captures].map((_, i) => `[s${i}]`);
    const head = [
      ...sourceFilters(this.video, this.#degrees),
      `split=${names.length}${names.join("")}`,
    ];
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
    return chains.join(";");
  }

  #geometry(output: Output): Geometry {
    return geometry(upright(this.video, this.#degrees), output.videoDescription);
  }
}

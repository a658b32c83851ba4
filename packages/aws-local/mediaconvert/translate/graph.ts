import type { Rational, VideoTrack } from "../media.ts";
import type { VideoDescription } from "../schema-video.ts";
import { type AudioMix, audioFilters, mixChain } from "./audio.ts";
import { colorOf, type Samples } from "./color-tags.ts";
import { type Geometry, geometryOf, type Size } from "./geometry.ts";
import { pictureFilters } from "./images.ts";
import type { CmafImages } from "./plan.ts";
import { force709, rateFilters, scaleFilters } from "./video.ts";

/** The source's picture: its track, its rotation, and the filters before the split. */
export interface Picture {
  video: VideoTrack;
  degrees: VideoTrack["rotation"];
  filters: string[];
}

/** A rung of a ladder. */
export interface RungRequest {
  video: VideoDescription;
  rate: Rational;
}

/** The filter graph: one source, a branch for each size, a pad for each output. */
export class FilterGraph {
  readonly #picture: Picture | undefined;
  readonly #branches = new Map<
    string,
    { filters: string[]; ends: { pad: string; filter: string }[] }
  >();
  readonly #captures: string[] = [];
  readonly #ladders: RungChain[] = [];
  readonly #mixes: string[] = [];
  #smallest: VideoDescription | undefined;
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
  sizeOf(video: VideoDescription): Size {
    const to = this.#geometry(video);
    return to.pad ?? to.crop ?? to.scale;
  }

  /** Adds a branch that selects frames before it scales them. Returns the name of its pad. */
  capture(video: VideoDescription, select: string[]): string {
    const pad = `v${this.#pads++}`;
    const scale = this.#scale(video, "jpeg");
    this.#captures.push(`${[...select, ...scale].join(",")}[${pad}]`);
    return pad;
  }

  /** Adds an output to the branch of its size. Returns the name of its pad. */
  encode(video: VideoDescription, filter: string): string {
    const pad = `v${this.#pads++}`;
    const filters = this.#scale(video, "h264");
    const key = filters.join(",");
    const branch = this.#branches.get(key) ?? { filters, ends: [] };
    branch.ends.push({ pad, filter });
    this.#branches.set(key, branch);
    return pad;
  }

  /**
   * Adds the rungs of a ladder and returns the names of their pads, in the order of the requests. The source
   * is converted once, for the largest rung, and each smaller rung is scaled from the one before it. All begin
   * at time 0, so that their segments match.
   */
  ladder(rungs: readonly RungRequest[]): string[] {
    const pads = rungs.map(() => `v${this.#pads++}`);
    const pixels = ({ width, height }: Size) => width * height;
    const sorted = rungs
      .map((rung, at) => ({ ...rung, pad: pads[at] ?? "", to: this.#geometry(rung.video) }))
      .sort((a, b) => pixels(b.to.scale) - pixels(a.to.scale));
    let chain: RungChain | undefined;
    let before: (typeof sorted)[number] | undefined;
    for (const rung of sorted) {
      if (!chain || !before || !canFollow(before, rung)) {
        chain = [];
        this.#ladders.push(chain);
        const scale = this.#scale(rung.video, "h264");
        const filters = [rateFilters(rung.rate, this.video, { fromZero: true }), ...scale];
        chain.push({ filters, pad: rung.pad });
      } else {
        const { width, height } = rung.to.scale;
        const filters = [`scale=${width}:${height}`, "setsar=1"];
        if (!isSameRate(before.rate, rung.rate)) filters.unshift(fps(rung.rate));
        chain.push({ filters, pad: rung.pad });
      }
      before = rung;
    }
    this.#smallest = before?.video;
    return pads;
  }

  /** Adds the small pictures for tiles, from the frames of the smallest rung. Returns the name of their pad. */
  pictures(images: CmafImages): string {
    const chain = this.#ladders.at(-1);
    if (!chain || !this.#smallest) throw new Error("There is no rung.");
    const pad = `v${this.#pads++}`;
    const source = rungTrack(this.video, force709(this.#smallest));
    const scale = scaleFilters({ scale: images.size }, source, force709(this.#smallest), "jpeg");
    chain.push({ filters: pictureFilters(images, scale), pad });
    return pad;
  }

  /**
   * Maps the audio track `a` of an output: one track through its own filters, or a mix from the graph. `rest` are
   * the filters after the mix.
   */
  audio({ tracks, weights }: AudioMix, a: number, rest?: readonly string[]): string[] {
    const [track] = tracks;
    if (track && !weights) {
      return ["-map", `0:${track.index}`, `-filter:a:${a}`, audioFilters(track, rest)];
    }
    const pad = `a${this.#mixes.length}`;
    this.#mixes.push(mixChain(tracks, weights ?? [], pad, rest));
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
    const names = [...this.#ladders, ...branches, ...this.#captures].map((_, i) => `[s${i}]`);
    const [...sources] = names;
    const head = [...shared, `split=${names.length}${names.join("")}`];
    const chains = [`[0:${video.index}]${head.join(",")}`];
    for (const ladder of this.#ladders) chains.push(...ladderChains(ladder, sources.shift() ?? ""));
    for (const { filters, ends } of branches) {
      const source = sources.shift() ?? "";
      const [only] = ends;
      if (ends.length === 1 && only) {
        chains.push(`${source}${[...filters, only.filter].join(",")}[${only.pad}]`);
        continue;
      }
      const pads = ends.map((_, e) => `${source.slice(0, -1)}e${e}]`);
      chains.push(`${source}${[...filters, `split=${ends.length}${pads.join("")}`].join(",")}`);
      ends.forEach(({ filter, pad }, e) => {
        chains.push(`${pads[e]}${filter}[${pad}]`);
      });
    }
    for (const chain of this.#captures) chains.push(`${sources.shift() ?? ""}${chain}`);
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

/** The filters of each rung, from the frames of the rung before it. */
type RungChain = { filters: string[]; pad: string }[];

function ladderChains(ladder: RungChain, source: string): string[] {
  let from = source;
  return ladder.map(({ filters, pad }, at) => {
    const input = from;
    if (at === ladder.length - 1) return `${input}${filters.join(",")}[${pad}]`;
    from = `[${pad}next]`;
    return `${input}${[...filters, `split=2[${pad}]${from}`].join(",")}`;
  });
}

/** The video of a rung as a source of further pictures. */
function rungTrack(video: VideoTrack, is709: boolean): VideoTrack {
  const source = colorOf(video);
  const color = is709
    ? { space: "bt709", primaries: "bt709", transfer: "bt709" }
    : { ...source, space: video.rgb ? "bt709" : source.matrix };
  return { ...video, rgb: false, chroma: "YUV_420", color: { ...color, range: "tv" } };
}

type SizedRung = RungRequest & { to: Geometry };

/** Whether the second rung can be made from the frames of the first. */
function canFollow(first: SizedRung, second: SizedRung): boolean {
  const isWhole = [first, second].every(({ to }) => !to.crop && !to.pad && !to.sampleAspect);
  const isSmaller =
    second.to.scale.width <= first.to.scale.width &&
    second.to.scale.height <= first.to.scale.height;
  const hasFrames = hertz(second.rate) <= hertz(first.rate) * 1.001;
  return isWhole && isSmaller && hasFrames && force709(first.video) === force709(second.video);
}

const hertz = ({ numerator, denominator }: Rational) => numerator / denominator;
const isSameRate = (a: Rational, b: Rational) =>
  a.numerator * b.denominator === b.numerator * a.denominator;
const fps = ({ numerator, denominator }: Rational) => `fps=${numerator}/${denominator}`;

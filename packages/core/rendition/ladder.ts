/** The rungs of an adaptive stream, computed from what is known about a source. Pure. Safe in the browser. */

/** The stored picture, before rotation. */
export interface StoredPicture {
  width: number;
  height: number;
  /** Degrees clockwise. 0 if it is left out. */
  rotation?: number | undefined;
  /** Width of a pixel divided by its height. 1 if it is left out. */
  sampleAspect?: number | undefined;
}

export interface LadderSource extends StoredPicture {
  /** Pictures per second: the average if the rate varies. */
  frameRate: number;
  /** 0 if the length is unknown. */
  durationSeconds: number;
}

export interface LadderLimits {
  maxShortSide?: number;
  maxFrameRate?: number;
}

export interface Rung {
  /** The displayed size, with square pixels. Both are even. */
  width: number;
  height: number;
  /** A constant rate. Two seconds of it are a whole number of frames, or nearly so at rates such as 30000/1001. */
  frameRate: { numerator: number; denominator: number };
  /** The most bits per second that the video track may have. */
  maxBitRate: number;
}

interface Size {
  width: number;
  height: number;
}

/** The short sides of the standard rungs. */
const SHORT_SIDES = [2160, 1440, 1080, 720, 480, 360, 240];
/** A source that is larger than its best standard rung by more than this factor gets a rung of its own size. */
const CLAMP_FROM = 1.15;
const MAX_RATE = 60;
/** Rungs with fewer lines are for slow connections, and show at most this rate. */
const FULL_RATE_FROM = 480;
const HALVED_ABOVE = 30;
/** A player can change the rung only from one segment to the next. */
export const SEGMENT_SECONDS = 2;

/** The rungs of a source, largest first. There is at least one, and none is larger than the source. */
export function ladderFor(source: LadderSource, limits: LadderLimits = {}): Rung[] {
  const size = displaySize(source);
  const top = Math.min(limits.maxShortSide ?? Number.POSITIVE_INFINITY, SHORT_SIDES[0] ?? 0);
  const short = Math.min(size.width, size.height, top);
  const standard = SHORT_SIDES.filter((side) => side <= short);
  const [best = 0] = standard;
  const sides = short > best * CLAMP_FROM ? [short, ...standard] : standard;
  return spread(sides, mostRungs(source.durationSeconds)).map((side) =>
    rungOf(source, size, side, limits),
  );
}

/**
 * The rung for a file that fits into a box in either orientation: the largest standard one that does. If none does, one
 * that is as large as the box allows. The ladder of a short clip may not contain it.
 */
export function rungIn(
  box: { maxWidth: number; maxHeight: number },
  source: LadderSource,
  limits: LadderLimits = {},
): Rung {
  const long = Math.max(box.maxWidth, box.maxHeight);
  const short = Math.min(box.maxWidth, box.maxHeight);
  const fits = ({ width, height }: Size) =>
    Math.max(width, height) <= long && Math.min(width, height) <= short;
  const fitting = ladderFor({ ...source, durationSeconds: 0 }, limits).find(fits);
  if (fitting) return fitting;
  const size = displaySize(source);
  const scale = long / Math.max(size.width, size.height);
  return rungOf(source, size, Math.min(size.width, size.height) * scale, limits);
}

function rungOf(source: LadderSource, size: Size, side: number, limits: LadderLimits): Rung {
  const scale = side / Math.min(size.width, size.height);
  const [width, height] = [even(size.width * scale), even(size.height * scale)];
  const most = Math.min(
    limits.maxFrameRate ?? MAX_RATE,
    side < FULL_RATE_FROM ? HALVED_ABOVE : MAX_RATE,
  );
  const frameRate = rateOf(source.frameRate, most);
  return { width, height, frameRate, maxBitRate: maxBitRate(width * height, frameRate) };
}

/** What people see: rotated, and with square pixels. Pixels are only removed for that, never added. */
export function displaySize(source: StoredPicture): Size {
  const { width, height, rotation = 0, sampleAspect = 1 } = source;
  const square =
    sampleAspect < 1
      ? { width: width * sampleAspect, height }
      : { width, height: height / sampleAspect };
  const isTurned = Math.abs(rotation) % 180 === 90;
  return isTurned ? { width: square.height, height: square.width } : square;
}

/** The largest even number of pixels that is not larger. */
const even = (pixels: number) => Math.max(2, 2 * Math.floor(pixels / 2 + 1e-6));

function mostRungs(durationSeconds: number): number {
  if (durationSeconds <= 0) return SHORT_SIDES.length + 1;
  return Math.max(1, Math.floor(durationSeconds / SEGMENT_SECONDS));
}

/** At most `most` of the sides, spread from the largest to the smallest. */
function spread(sides: number[], most: number): number[] {
  if (sides.length <= most) return sides;
  if (most === 1) return sides.slice(0, 1);
  const step = (sides.length - 1) / (most - 1);
  return sides.filter((_, at) => {
    const nearest = Math.round(Math.round(at / step) * step);
    return nearest === at;
  });
}

const STANDARD_RATES = [
  { numerator: 24_000, denominator: 1001 },
  { numerator: 24, denominator: 1 },
  { numerator: 25, denominator: 1 },
  { numerator: 30_000, denominator: 1001 },
  { numerator: 30, denominator: 1 },
  { numerator: 48_000, denominator: 1001 },
  { numerator: 48, denominator: 1 },
  { numerator: 50, denominator: 1 },
  { numerator: 60_000, denominator: 1001 },
  { numerator: 60, denominator: 1 },
];

/**
 * The source's rate, halved until the rung may have it. An average close to a standard rate becomes that rate. Any other
 * one is raised until a segment is a whole number of frames, so that keyframes are at the same time in every rung.
 */
function rateOf(sourceRate: number, most: number): Rung["frameRate"] {
  let rate = sourceRate;
  while (rate > most * 1.001) rate /= 2;
  const distance = ({ numerator, denominator }: Rung["frameRate"]) =>
    Math.abs(numerator / denominator / rate - 1);
  const [nearest] = STANDARD_RATES.toSorted((a, b) => distance(a) - distance(b));
  if (nearest && distance(nearest) < 0.0005) return nearest;
  // In a rung with half of the rate, the frames are a whole number as well.
  const steps = rate > HALVED_ABOVE ? 1 : SEGMENT_SECONDS;
  const frames = Math.max(1, Math.min(Math.ceil(rate * steps - 1e-6), Math.floor(most * steps)));
  return frames % steps === 0
    ? { numerator: frames / steps, denominator: 1 }
    : { numerator: frames, denominator: steps };
}

/** 5 Mb/s for 1080p30. More pixels and pictures need more bits, but less than in proportion. */
function maxBitRate(pixels: number, { numerator, denominator }: Rung["frameRate"]): number {
  const size = (pixels / (1920 * 1080)) ** 0.75;
  const rate = (numerator / denominator / 30) ** 0.5;
  return Math.max(100_000, Math.round((5_000_000 * size * rate) / 10_000) * 10_000);
}

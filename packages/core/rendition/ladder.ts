/** The rungs of an adaptive stream, computed from what is known about a source. Pure. Safe in the browser. */

export interface LadderSource {
  /** The stored picture, before rotation. */
  width: number;
  height: number;
  /** Degrees clockwise. 0 if it is left out. */
  rotation?: number;
  /** Width of a pixel divided by its height. 1 if it is left out. */
  sampleAspect?: number;
  /** Pictures per second: the average if the rate varies. */
  frameRate: number;
  /** 0 if the length is unknown. */
  durationSeconds: number;
}

export interface Rung {
  /** The displayed size, with square pixels. Both are even. */
  width: number;
  height: number;
  /** A constant rate. */
  frameRate: { numerator: number; denominator: number };
  /** The most bits per second that the video track may have. */
  maxBitRate: number;
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
const SEGMENT_SECONDS = 2;

/** The rungs of a source, largest first. There is at least one, and none is larger than the source. */
export function ladderFor(source: LadderSource): Rung[] {
  const size = displaySize(source);
  const short = Math.min(size.width, size.height);
  const standard = SHORT_SIDES.filter((side) => side <= short);
  const [best = 0, top = 0] = [standard[0], SHORT_SIDES[0]];
  const isClamped = short < top && short > best * CLAMP_FROM;
  const sides = isClamped ? [short, ...standard] : standard;
  return spread(sides, mostRungs(source.durationSeconds)).map((side) => {
    const scale = side / short;
    const [width, height] = [even(size.width * scale), even(size.height * scale)];
    const frameRate = rateOf(source.frameRate, side);
    return { width, height, frameRate, maxBitRate: maxBitRate(width * height, frameRate) };
  });
}

/** What people see: rotated, and with square pixels. Pixels are only removed for that, never added. */
function displaySize(source: LadderSource): { width: number; height: number } {
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
  { numerator: 48, denominator: 1 },
  { numerator: 50, denominator: 1 },
  { numerator: 60_000, denominator: 1001 },
  { numerator: 60, denominator: 1 },
];

/** The source's rate, halved until the rung may have it. An average close to a standard rate becomes that rate. */
function rateOf(sourceRate: number, side: number): Rung["frameRate"] {
  const most = side < FULL_RATE_FROM ? HALVED_ABOVE : MAX_RATE;
  let rate = sourceRate;
  while (rate > most * 1.001) rate /= 2;
  const distance = ({ numerator, denominator }: Rung["frameRate"]) =>
    Math.abs(numerator / denominator / rate - 1);
  const [nearest] = STANDARD_RATES.toSorted((a, b) => distance(a) - distance(b));
  if (nearest && distance(nearest) < 0.0005) return nearest;
  return { numerator: Math.max(1, Math.floor(rate * 1000)), denominator: 1000 };
}

/** 5 Mb/s for 1080p30. More pixels and pictures need more bits, but less than in proportion. */
function maxBitRate(pixels: number, { numerator, denominator }: Rung["frameRate"]): number {
  const size = (pixels / (1920 * 1080)) ** 0.75;
  const rate = (numerator / denominator / 30) ** 0.5;
  return Math.max(100_000, Math.round((5_000_000 * size * rate) / 10_000) * 10_000);
}

/** Test clips of eight flat color patches with exact values, and the colors that an output shows for them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { FFMPEG } from "./clips.ts";

export type Color = readonly [number, number, number];

/** Luma weights of red and blue. */
const WEIGHTS = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;
export type Matrix = keyof typeof WEIGHTS;
const COLUMNS = 4;
const ROWS = 2;

/** How a clip stores its patches. */
export interface PatchFormat {
  /** ffmpeg's name: `rgb24`, or planar YUV. */
  pixels: string;
  matrix?: Matrix;
  fullRange?: boolean;
  width?: number;
  height?: number;
}

const WIDTH = 128;
const HEIGHT = 72;

/** Writes two frames of eight patches, whose components are 0 to 1, and returns the file. */
export async function writePatches(
  folder: string,
  colors: readonly Color[],
  format: PatchFormat & { output: readonly string[]; extension: string },
): Promise<Buffer> {
  const path = join(folder, `patches.${format.extension}`);
  const frame = patchFrame(colors, format);
  await ffmpeg([...rawInput(format), "-i", "pipe:0", ...format.output, path], [frame, frame]);
  return readFile(path);
}

/** The arguments to read frames of this format. */
export function rawInput({ pixels, width = WIDTH, height = HEIGHT }: PatchFormat): string[] {
  return ["-f", "rawvideo", "-pix_fmt", pixels, "-s", `${width}x${height}`, "-r", "10"];
}

/** One raw frame of eight patches. */
export function patchFrame(colors: readonly Color[], format: PatchFormat): Buffer {
  const { pixels, width = WIDTH, height = HEIGHT } = format;
  const colorAt = (x: number, y: number): Color =>
    colors[Math.floor((y / height) * ROWS) * COLUMNS + Math.floor((x / width) * COLUMNS)] ?? [
      0, 0, 0,
    ];
  if (pixels === "rgb24") {
    const frame = Buffer.alloc(width * height * 3);
    for (let at = 0; at < width * height; at++) {
      const color = colorAt(at % width, Math.floor(at / width));
      color.forEach((value, c) => {
        frame[at * 3 + c] = Math.round(255 * value);
      });
    }
    return frame;
  }
  const stepX = /444/.test(pixels) ? 1 : 2;
  const stepY = /420/.test(pixels) ? 2 : 1;
  const deep = pixels.endsWith("10le");
  const planes = [0, 1, 2].map((plane) => {
    const [sx, sy] = plane === 0 ? [1, 1] : [stepX, stepY];
    const [w, h] = [width / sx, height / sy];
    const samples = Buffer.alloc(w * h * (deep ? 2 : 1));
    for (let at = 0; at < w * h; at++) {
      const color = colorAt((at % w) * sx, Math.floor(at / w) * sy);
      const code = toYuv(color, format, deep ? 4 : 1)[plane] ?? 0;
      if (deep) samples.writeUInt16LE(code, at * 2);
      else samples[at] = code;
    }
    return samples;
  });
  return Buffer.concat(planes);
}

/** The codes of a color, `scale` of them for each code of 8 bits. */
function toYuv([r, g, b]: Color, format: PatchFormat, scale: number): Color {
  const { matrix = "bt709", fullRange = false } = format;
  const [kr, kb] = WEIGHTS[matrix];
  const y = kr * r + (1 - kr - kb) * g + kb * b;
  const u = (b - y) / (2 * (1 - kb));
  const v = (r - y) / (2 * (1 - kr));
  const full = 256 * scale - 1;
  if (fullRange) {
    const middle = 128 * scale;
    return [Math.round(full * y), Math.round(full * u + middle), Math.round(full * v + middle)];
  }
  const chroma = (c: number) => Math.round(scale * (224 * c + 128));
  return [Math.round(scale * (219 * y + 16)), chroma(u), chroma(v)];
}

/** The colors, 0 to 255, that a player shows for the patches of a file. */
export async function readPatches(path: string, isJpeg = path.endsWith(".jpg")): Promise<Color[]> {
  const pixels = isJpeg ? "yuvj420p" : "yuv420p";
  // The samples as they are in the file: ffmpeg converts nothing.
  const output = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", pixels, "pipe:1"];
  return shownPatches(await ffmpeg(["-i", path, ...output]), isJpeg);
}

/** The same for one frame in YUV 4:2:0, of the usual size or of HD. */
export function shownPatches(raw: Buffer, isJpeg: boolean): Color[] {
  const size = (raw.length * 2) / 3;
  const width = Math.round(Math.sqrt((size * 16) / 9));
  const height = size / width;
  return Array.from({ length: COLUMNS * ROWS }, (_, n) => {
    const x = Math.floor((((n % COLUMNS) + 0.5) / COLUMNS) * width);
    const y = Math.floor(((Math.floor(n / COLUMNS) + 0.5) / ROWS) * height);
    const luma = meanAt(raw, { x, y, width });
    const chroma = { x: x / 2, y: y / 2, width: width / 2 };
    const u = meanAt(raw.subarray(size), chroma);
    const v = meanAt(raw.subarray(size * 1.25), chroma);
    return isJpeg
      ? fromYuv(luma / 255, (u - 128) / 255, (v - 128) / 255, WEIGHTS.bt601)
      : fromYuv((luma - 16) / 219, (u - 128) / 224, (v - 128) / 224, WEIGHTS.bt709);
  });
}

/** The mean of the samples about a point, without the noise of a codec. */
function meanAt(plane: Buffer, { x, y, width }: { x: number; y: number; width: number }): number {
  let sum = 0;
  for (let row = -4; row < 4; row++) {
    for (let column = -4; column < 4; column++) {
      sum += plane[(Math.floor(y) + row) * width + Math.floor(x) + column] ?? 0;
    }
  }
  return sum / 64;
}

function fromYuv(y: number, u: number, v: number, [kr, kb]: readonly [number, number]): Color {
  const r = y + 2 * (1 - kr) * v;
  const b = y + 2 * (1 - kb) * u;
  const g = (y - kr * r - kb * b) / (1 - kr - kb);
  const byte = (value: number) => Math.round(255 * Math.min(1, Math.max(0, value)));
  return [byte(r), byte(g), byte(b)];
}

/** Runs ffmpeg. Returns what it writes to its standard output. */
export async function ffmpeg(args: readonly string[], input: Buffer[] = []): Promise<Buffer> {
  const child = spawn(FFMPEG, ["-v", "error", "-y", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(Buffer.concat(input));
  const [output, [code]] = await Promise.all([buffer(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(" ")}`);
  return output;
}

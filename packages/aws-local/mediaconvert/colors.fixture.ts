/** Colors of test pictures, and the curves and matrices that video files store them with. */
import type { Color } from "@rushes/testing/patches";

const bytes = (...colors: Color[]): Color[] =>
  colors.map(([r, g, b]) => [r / 255, g / 255, b / 255]);
const GRAYS = [20, 128, 235].map((level): Color => [level, level, level]);
export const VIVID = bytes(
  ...([
    [200, 30, 30],
    [30, 180, 40],
    [30, 40, 200],
    [220, 170, 140],
    [190, 180, 30],
  ] as const),
  ...GRAYS,
);
/** Colors that the smaller primaries of BT.601 contain too. */
export const MILD = bytes(
  ...([
    [190, 60, 50],
    [60, 170, 70],
    [50, 60, 190],
    [220, 170, 140],
    [190, 180, 60],
  ] as const),
  ...GRAYS,
);

/** Linear BT.709 to linear RGB with other primaries. */
export const TO_2020: readonly Color[] = [
  [0.6274, 0.3293, 0.0433],
  [0.0691, 0.9195, 0.0114],
  [0.0164, 0.088, 0.8956],
];
export const TO_170M: readonly Color[] = [
  [1.0654, -0.0554, -0.01],
  [-0.0196, 1.0364, -0.0167],
  [0.0016, 0.0044, 0.994],
];

export function times(matrix: readonly Color[], [r, g, b]: Color): Color {
  const [x = 0, y = 0, z = 0] = matrix.map((row) => row[0] * r + row[1] * g + row[2] * b);
  return [x, y, z];
}

export const each = ([r, g, b]: Color, change: (value: number) => number): Color => [
  change(r),
  change(g),
  change(b),
];

/** The same colors in other primaries, for a display with the gamma of BT.1886. */
export const inPrimaries = (matrix: readonly Color[], colors: readonly Color[]) =>
  colors.map((color) => {
    const linear = times(
      matrix,
      each(color, (value) => value ** 2.4),
    );
    return each(linear, (value) => Math.max(0, value) ** (1 / 2.4));
  });

/** PQ: a component of 0 to 1 for its light in cd/m². */
export function pq(light: number): number {
  const power = (Math.max(0, light) / 10_000) ** 0.1593017578125;
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
}

/** HLG on a display of 1,000 cd/m²: undoes the display's gamma of 1.2, then the camera's curve. */
export function hlg(light: Color): Color {
  const luminance = (0.2627 * light[0] + 0.678 * light[1] + 0.0593 * light[2]) / 1000;
  const gain = luminance > 0 ? luminance ** (1 / 1.2 - 1) : 0;
  return each(light, (value) => {
    const scene = (Math.max(0, value) / 1000) * gain;
    return scene <= 1 / 12
      ? Math.sqrt(3 * scene)
      : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
  });
}

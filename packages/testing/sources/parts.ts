/** Parts of ffmpeg's arguments, and changes to the bytes of a file. */

/** A moving test picture. */
export const picture = (size = "64x36", seconds = 1, rate: number | string = 10) => [
  ...["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
];
export const tone = (seconds = 1) => ["-f", "lavfi", "-i", `sine=f=440:d=${seconds}`];
/** Channels without names, each with the same tone. */
export const channels = (count: number, layout = "") => [
  ...["-f", "lavfi", "-i"],
  `aevalsrc=${Array(count).fill("0.1*sin(880*PI*t)").join("|")}:d=1${layout && `:c=${layout}`}`,
];
export const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
export const AAC = ["-c:a", "aac"];
/** Maps this many inputs, beginning with the one that has the number `first`. */
export const map = (count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => ["-map", `${first + at}`]).flat();

/** Multiplies the durations of a file and of its tracks. Their boxes have version 0, with 32-bit times. */
export function lie(file: Buffer, factor: number): Buffer {
  for (const [type, offset] of [
    ["mvhd", 20],
    ["tkhd", 24],
    ["mdhd", 20],
  ] as const) {
    for (let at = file.indexOf(type); at >= 0; at = file.indexOf(type, at + 4)) {
      file.writeUInt32BE(Math.round(file.readUInt32BE(at + offset) * factor), at + offset);
    }
  }
  return file;
}

/** The start of a file. */
export const start = (share: number) => (file: Buffer) =>
  file.subarray(0, Math.floor(file.length * share));

/** Overwrites a part in the middle. */
export function damage(file: Buffer): Buffer {
  const middle = Math.floor(file.length / 2 / 188) * 188;
  for (let at = middle; at < middle + 6 * 188; at += 188) file.fill(0xaa, at + 20, at + 188);
  return file;
}

/** An ISO file that has only its first box. */
export const ftyp =
  (brand: string, rest = "") =>
  () =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from(`ftyp${brand}\0\0\0\0${brand}mif1${rest}`),
    ]);

export const text = (content: string) => () => Buffer.from(content);

/** Overwrites the first name of this length, such as that of a format. */
export function renamed(file: Buffer, from: string, to: string): Buffer {
  file.write(to, file.indexOf(from), "latin1");
  return file;
}

/** Changes the stated duration of a WebM file, in milliseconds. */
export function statedMs(file: Buffer, milliseconds: number): Buffer {
  const at = file.indexOf(Buffer.from("448988", "hex")) + 3;
  file.writeDoubleBE(milliseconds, at);
  return file;
}

/** Transport packets with another spacing, such as the 192 bytes of M2TS. */
export function spaced(file: Buffer, spacing: number): Buffer {
  const packets = Array.from({ length: Math.floor(file.length / 188) }, (_, at) => {
    const packet = Buffer.alloc(spacing);
    file.copy(packet, spacing - 188, at * 188, (at + 1) * 188);
    return packet;
  });
  return Buffer.concat(packets);
}

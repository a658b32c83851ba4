/** Subtitles in pictures, as Blu-ray discs have them: Presentation Graphic Streams in a .sup file. */

const [WIDTH, HEIGHT] = [8, 4];
const [PALETTE, OBJECT, COMPOSITION, WINDOW, END] = [0x14, 0x15, 0x16, 0x17, 0x80];
const POSITION = [0, 0, 0, 0];

/** A white rectangle, which is shown from `seconds` on. */
function shown(seconds: number): Buffer {
  const rows = Array.from({ length: HEIGHT }, () => [...Array<number>(WIDTH).fill(1), 0, 0]).flat();
  const objectLength = 4 + rows.length;
  return Buffer.concat([
    segment(COMPOSITION, seconds, [
      0,
      64,
      0,
      36,
      0x10,
      0,
      0,
      0x80,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      ...POSITION,
    ]),
    segment(WINDOW, seconds, [1, 0, ...POSITION, 0, WIDTH, 0, HEIGHT]),
    segment(PALETTE, seconds, [0, 0, 1, 235, 128, 128, 255]),
    segment(OBJECT, seconds, [0, 0, 0, 0xc0, 0, 0, objectLength, 0, WIDTH, 0, HEIGHT, ...rows]),
    segment(END, seconds, []),
  ]);
}

/** Shows nothing from `seconds` on. */
const cleared = (seconds: number) =>
  Buffer.concat([
    segment(COMPOSITION, seconds, [0, 64, 0, 36, 0x10, 0, 1, 0, 0, 0, 0]),
    segment(WINDOW, seconds, [1, 0, ...POSITION, 0, WIDTH, 0, HEIGHT]),
    segment(END, seconds, []),
  ]);

/** The header has the time in units of 1/90,000 s. */
function segment(type: number, seconds: number, body: number[]): Buffer {
  const header = Buffer.alloc(13);
  header.write("PG");
  header.writeUInt32BE(seconds * 90_000, 2);
  header.writeUInt8(type, 10);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, Buffer.from(body)]);
}

export const subtitlePictures = () => Buffer.concat([shown(0.1), cleared(0.6)]);

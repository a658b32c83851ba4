const STILL_BRANDS = new Set([
  "heic",
  "heix",
  "heim",
  "heis",
  "mif1",
  "mif2",
  "miaf",
  "avif",
  "avio",
  "MA1A",
  "MA1B",
  "jpeg",
  "jpgs",
  "vvic",
  "evbi",
  "j2ki",
  "crx ",
  "heif",
]);
const SEQUENCE_BRANDS = new Set([
  "hevc",
  "hevx",
  "hevm",
  "hevs",
  "msf1",
  "avis",
  "avcs",
  "vvis",
  "evbs",
  "j2is",
]);

/** Signatures of still pictures: the offset in the file and the bytes there. */
const SIGNATURES: readonly [number, string][] = [
  [0, "\xff\xd8\xff"], // JPEG
  [0, "II*\0"], // TIFF, and the raw formats that are TIFFs: DNG, CR2, NEF, ARW
  [0, "MM\0*"],
  [0, "II+\0"], // BigTIFF
  [0, "MM\0+"],
  [0, "\xff\x0a"], // JPEG XL without a container
  [4, "JXL \r\n\x87\n"],
  [0, "\xffO\xffQ"], // JPEG 2000 without a container
  [0, "II\xbc\x01"], // JPEG XR
  [0, "8BPS"], // Photoshop
  [0, "IIRO"], // Olympus raw
  [0, "IIRS"],
  [0, "IIU\0"], // Panasonic raw
  [0, "FUJIFILMCCD-RAW"],
  [0, "FOVb"], // Sigma raw
  [0, "\0MRM"], // Minolta raw
  [6, "HEAPCCDR"], // Canon raw before 2004
  [0, "v/1\x01"], // OpenEXR
  [0, "#?RADIANCE"],
  [0, "#?RGBE"],
  [0, "SDPX"], // DPX
  [0, "XPDS"],
  [0, "qoif"],
  [0, "DDS "],
  [0, "gimp xcf"],
  [0, "icns"],
  [0, "FLIF"],
  [0, "BPG\xfb"],
  [0, "AT&TFORM"], // DjVu
  [0, "farbfeld"],
];

/** One character for each byte. Safe in the browser. */
const latin1 = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

/**
 * Whether a file is a still or animated picture, according to its brand or signature and not its name. Undefined if it
 * is not a picture. Needs the file's first few KiB.
 */
export function pictureOf(bytes: Uint8Array): "still" | "animated" | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const all = (to = 32_768) => latin1(bytes.subarray(0, to));
  if (text(4, 8) === "ftyp") return ofBrands(text(8, 12), brands(bytes));
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return all().includes("acTL") ? "animated" : "still";
  if (text(0, 8) === "\x8aMNG\r\n\x1a\n") return "animated";
  if (/^GIF8[79]a/.test(text(0, 6))) {
    // A second picture, or the extension that repeats the pictures.
    const pictures = all(bytes.length).split("\x21\xf9\x04").length - 1;
    return pictures > 1 || all().includes("NETSCAPE2.0") ? "animated" : "still";
  }
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") {
    const moves = text(12, 16) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0;
    return moves ? "animated" : "still";
  }
  // JPEG 2000's box. Motion JPEG 2000, which is video, begins with the same box.
  if (text(4, 12) === "jP  \r\n\x87\n") return text(20, 23) === "mjp" ? undefined : "still";
  if (SIGNATURES.some(([at, signature]) => text(at, at + signature.length) === signature)) {
    return "still";
  }
  if (isBitmap(bytes) || isIcon(bytes)) return "still";
  if (/^P[1-7]\s(#|\d|WIDTH)/.test(text(0, 8))) return "still";
  if (/^(\ufeff|\xef\xbb\xbf)?\s*(<\?xml.{0,2000}?)?<svg[\s>]/s.test(all(2048))) return "still";
  return undefined;
}

/** The compatible brands of a file, from its first box. */
function brands(bytes: Uint8Array): string[] {
  const size = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length);
  const text = latin1(bytes.subarray(16, size));
  return text.match(/.{4}/gs) ?? [];
}

function ofBrands(major: string, others: string[]): "still" | "animated" | undefined {
  if (SEQUENCE_BRANDS.has(major)) return "animated";
  if (!STILL_BRANDS.has(major)) return undefined;
  // `mif1` and similar brands stand for both, so the compatible brands decide.
  const general = major === "mif1" || major === "mif2" || major === "miaf";
  const moves = others.some((brand) => SEQUENCE_BRANDS.has(brand));
  return general && moves && !others.some((brand) => /^(hei[cx]|avif)$/.test(brand))
    ? "animated"
    : "still";
}

/** `BM` alone begins many texts. The header that follows has known sizes. */
function isBitmap(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d || bytes.length < 18) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerBytes = view.getUint32(14, true);
  return view.getUint32(6, true) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(headerBytes);
}

function isIcon(bytes: Uint8Array): boolean {
  const [a, b, kind, d, count, zero] = bytes;
  const named = a === 0 && b === 0 && (kind === 1 || kind === 2) && d === 0;
  return named && (count ?? 0) > 0 && zero === 0 && bytes[9] === 0;
}

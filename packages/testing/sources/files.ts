import { ftyp, picture, text, tone, X264 } from "./parts.ts";
import type { OddSource } from "./source.ts";

const NOT_MEDIA = { rejected: "This is not a video file, or its format is not supported." };
const IMAGE = { rejected: "This is an image, not a video." };
const ANIMATED = {
  rejected: "This is an animated image, not a video. Convert it to MP4 and upload that.",
};
const still = (...codec: string[]) => [...picture(), "-frames:v", "1", ...codec];
const hex = (bytes: string) => () => Buffer.concat([Buffer.from(bytes, "hex"), Buffer.alloc(200)]);

/** Files that are no video, most of them with the name of one. */
export const FILES: OddSource[] = [
  {
    name: "empty.mp4",
    about: "no bytes",
    from: { bytes: () => Buffer.alloc(0) },
    outcome: { rejected: "The file is empty (0 bytes). Upload it again." },
  },
  { name: "one-byte.mp4", about: "one byte", from: { bytes: text("x") }, outcome: NOT_MEDIA },
  { name: "text.mp4", about: "text", from: { bytes: text("Hello\n") }, outcome: NOT_MEDIA },
  {
    name: "playlist.mp4",
    about: "a playlist that names a local file",
    from: { bytes: text("#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n") },
    outcome: NOT_MEDIA,
  },
  {
    name: "concat.mp4",
    about: "a concat script that names a local file",
    from: { bytes: text("ffconcat version 1.0\nfile '/etc/passwd'\n") },
    outcome: NOT_MEDIA,
  },
  {
    name: "manifest.mp4",
    about: "a DASH manifest",
    from: { bytes: text('<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>') },
    outcome: NOT_MEDIA,
  },
  {
    name: "page.mp4",
    about: "HTML",
    from: { bytes: text("<!doctype html><p>x") },
    outcome: NOT_MEDIA,
  },
  { name: "drawing.mp4", about: "SVG", from: { bytes: text("<svg/>") }, outcome: NOT_MEDIA },
  { name: "document.mp4", about: "PDF", from: { bytes: text("%PDF-1.7\n") }, outcome: NOT_MEDIA },
  { name: "archive.mp4", about: "ZIP", from: { bytes: hex("504b0304") }, outcome: NOT_MEDIA },
  { name: "program.mp4", about: "a program", from: { bytes: hex("7f454c46") }, outcome: NOT_MEDIA },
  {
    name: "zeros.mp4",
    about: "only zeros",
    from: { bytes: () => Buffer.alloc(4096) },
    outcome: NOT_MEDIA,
  },
  {
    name: "first-box.mp4",
    about: "an MP4 that ends after its first box",
    from: { bytes: ftyp("isom") },
    outcome: {
      rejected: "The file is incomplete: its end is missing. Upload the whole file again.",
    },
  },
  { name: "jpeg.mp4", about: "JPEG", from: still("-c:v", "mjpeg", "-f", "image2"), outcome: IMAGE },
  { name: "png.mp4", about: "PNG", from: still("-c:v", "png", "-f", "image2"), outcome: IMAGE },
  { name: "bmp.mp4", about: "BMP", from: still("-c:v", "bmp", "-f", "image2"), outcome: IMAGE },
  { name: "tiff.mp4", about: "TIFF", from: still("-c:v", "tiff", "-f", "image2"), outcome: IMAGE },
  { name: "webp.mp4", about: "WebP", from: still("-c:v", "libwebp", "-f", "webp"), outcome: IMAGE },
  { name: "photo.heic", about: "a phone's photo", from: { bytes: ftyp("heic") }, outcome: IMAGE },
  { name: "avif.mp4", about: "AVIF", from: { bytes: ftyp("avif") }, outcome: IMAGE },
  {
    name: "gif.mp4",
    about: "an animated GIF",
    from: [...picture(), "-f", "gif"],
    outcome: ANIMATED,
  },
  {
    name: "apng.mp4",
    about: "an animated PNG",
    from: [...picture(), "-f", "apng"],
    outcome: ANIMATED,
  },
  {
    name: "encrypted.mp4",
    about: "encrypted",
    from: [
      ...[...picture(), ...tone(), ...X264, "-encryption_scheme", "cenc-aes-ctr"],
      ...["-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb"],
      ...["-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"],
    ],
    outcome: { rejected: "The file is encrypted. Upload it without encryption (DRM)." },
  },
];

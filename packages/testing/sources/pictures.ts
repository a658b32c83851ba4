import { AAC, channels, map, picture, tone, X264 } from "./parts.ts";
import type { OddSource } from "./source.ts";

const small = { size: "64×36", seconds: 1, sound: false } as const;

/** Sizes, pixel formats, codecs and frame rates. */
export const PICTURES: OddSource[] = [
  {
    name: "16x16.mp4",
    about: "16×16",
    from: [...picture("16x16"), ...X264],
    outcome: { ...small, size: "16×16" },
  },
  {
    name: "tiny.mp4",
    about: "64×48: no rendition is larger",
    from: [...picture("64x48"), ...X264],
    outcome: { ...small, size: "64×48" },
  },
  {
    name: "odd.mkv",
    about: "101×75",
    from: [...picture("101x75"), "-c:v", "ffv1", "-pix_fmt", "yuv444p"],
    outcome: { ...small, size: "100×74" },
  },
  {
    name: "strip.mp4",
    about: "4096×16",
    from: [...picture("4096x16", 0.5), ...X264],
    outcome: { ...small, size: "1920×8", seconds: 0.5 },
  },
  {
    name: "column.mp4",
    about: "16×2048",
    from: [...picture("16x2048", 0.5), ...X264],
    outcome: { ...small, size: "8×1080", seconds: 0.5 },
  },
  {
    name: "8192x4320.mp4",
    about: "8192×4320, the most pixels",
    from: ["-f", "lavfi", "-i", "color=gray:s=8192x4320:r=5:d=0.2", ...X264],
    outcome: { ...small, size: "1920×1012", seconds: 0.2 },
  },
  {
    name: "8192x4322.mp4",
    about: "two lines too many",
    from: ["-f", "lavfi", "-i", "color=gray:s=8192x4322:r=5:d=0.2", ...X264],
    outcome: {
      rejected: "The video has frames of 8192×4322. The limit is 35,389,440 pixels per frame.",
    },
  },
  {
    name: "portrait.mp4",
    about: "36×64",
    from: [...picture("36x64"), ...X264],
    outcome: { ...small, size: "36×64" },
  },
  {
    name: "rotated.mov",
    about: "a phone held upright: rotation 90",
    from: ["-i", "{tiny.mp4}", "-c", "copy", "-metadata:s:v:0", "rotate=90"],
    outcome: { ...small, size: "48×64" },
  },
  {
    name: "upside-down.mov",
    about: "rotation 180",
    from: ["-i", "{tiny.mp4}", "-c", "copy", "-metadata:s:v:0", "rotate=180"],
    outcome: { ...small, size: "64×48" },
  },
  {
    name: "anamorphic.mp4",
    about: "pixels twice as wide as high",
    from: [...picture("64x64"), "-vf", "setsar=2", ...X264],
    outcome: { ...small, size: "128×64" },
  },
  {
    name: "alpha.mov",
    about: "transparency (QuickTime Animation)",
    from: [...picture(), "-vf", "format=argb,colorchannelmixer=aa=0.5", "-c:v", "qtrle"],
    outcome: small,
  },
  {
    name: "gray.mp4",
    about: "without color",
    from: [...picture(), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "gray"],
    outcome: small,
  },
  {
    name: "rgb.mkv",
    about: "RGB H.264",
    from: [...picture(), "-c:v", "libx264rgb", "-preset", "ultrafast"],
    outcome: small,
  },
  {
    name: "prores.mov",
    about: "10-bit 4:2:2 ProRes with 24-bit sound",
    from: [...picture(), ...tone(), "-c:v", "prores_ks", "-c:a", "pcm_s24le"],
    outcome: { ...small, sound: true },
  },
  {
    name: "pq.mkv",
    about: "HDR with its transfer function only",
    from: [
      ...[...picture(), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"],
      ...["-color_trc", "smpte2084"],
    ],
    outcome: small,
  },
  {
    name: "full-range.avi",
    about: "full-range Motion JPEG with 8-bit sound",
    from: [...picture(), ...tone(), "-c:v", "mjpeg", "-c:a", "pcm_u8"],
    outcome: { ...small, sound: true },
  },
  {
    name: "interlaced.mpg",
    about: "interlaced MPEG-2 in a program stream",
    from: [
      ...[...picture("64x64", 1, 50), ...tone(), "-vf", "interlace", "-c:v", "mpeg2video"],
      ...["-flags", "+ildct+ilme", "-c:a", "mp2"],
    ],
    outcome: { ...small, size: "64×64", sound: true },
  },
  {
    name: "old.wmv",
    about: "Windows Media",
    from: [...picture(), ...tone(), "-c:v", "wmv2", "-c:a", "wmav2"],
    outcome: { ...small, sound: true },
  },
  {
    name: "old.flv",
    about: "Flash Video",
    from: [...picture(), ...tone(), "-c:v", "flv1", "-c:a", "libmp3lame", "-ar", "44100"],
    outcome: { ...small, sound: true },
  },
  {
    name: "old.ogv",
    about: "Theora and Vorbis in Ogg",
    from: [...picture(), ...tone(), "-c:v", "libtheora", "-c:a", "libvorbis"],
    outcome: { ...small, sound: true },
  },
  {
    name: "broadcast.mxf",
    about: "MPEG-2 in MXF, with PCM sound",
    from: [...picture("64x64", 1, 25), ...tone(), "-c:v", "mpeg2video", "-ar", "48000"],
    outcome: { ...small, size: "64×64", sound: true },
  },
  {
    name: "unlisted.avi",
    about: "a codec that no camera uses",
    from: [...picture(), "-c:v", "asv1"],
    outcome: { failed: "The encoder cannot decode the file's video format." },
  },
  {
    name: "one-frame.mp4",
    about: "a single frame",
    from: [...picture(), "-frames:v", "1", ...X264],
    outcome: { ...small, seconds: 0.1 },
  },
  {
    name: "six-frames.mp4",
    about: "six frames",
    from: [...picture("64x36", 1, 30), "-frames:v", "6", ...X264],
    outcome: { ...small, seconds: 0.2 },
  },
  {
    name: "slow.mp4",
    about: "0.1 frames per second",
    from: [...picture("64x36", 20, "1/10"), ...X264],
    outcome: { ...small, seconds: 20 },
  },
  {
    name: "2fps.mp4",
    about: "2 frames per second",
    from: [...picture("64x36", 2, 2), ...X264],
    outcome: { ...small, seconds: 2 },
  },
  {
    name: "240fps.mp4",
    about: "240 frames per second",
    from: [...picture("64x36", 0.5, 240), ...X264],
    outcome: { ...small, seconds: 0.5 },
  },
  {
    name: "variable.mkv",
    about: "a variable frame rate: two still seconds in the middle",
    from: [
      ...[...picture("64x36", 1, 30), "-vf", "setpts=if(lt(N\\,15)\\,N\\,N+60)/30/TB"],
      ...["-fps_mode", "vfr", ...X264],
    ],
    outcome: { ...small, seconds: 3 },
  },
  {
    name: "channels.mov",
    about: "12 channels without names",
    from: [...picture(), ...channels(12), ...map(2), ...X264, "-c:a", "pcm_s16le"],
    outcome: { ...small, sound: true },
  },
  {
    name: "7.1.mkv",
    about: "7.1 sound",
    from: [...picture(), ...channels(8, "7.1"), ...map(2), ...X264, ...AAC],
    outcome: { ...small, sound: true },
  },
];

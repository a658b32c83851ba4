import { AAC, channels, map, picture, renamed, text, tone, X264 } from "./parts.ts";
import type { OddSource } from "./source.ts";

const heard = { size: "64×36", seconds: 1, sound: true } as const;
const SOUND = { size: "no picture", seconds: 1, sound: true } as const;
const srt = "1\n00:00:00,000 --> 00:00:01,000\nHello\n";
const chapters = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=First\n";

/** Tracks of every kind. */
export const TRACKS: OddSource[] = [
  {
    name: "ten-tracks.mkv",
    about: "a picture and nine audio tracks",
    from: [
      ...[...picture(), ...Array(9).fill(tone()).flat(), ...map(10), ...X264, ...AAC],
      ...Array.from({ length: 9 }, (_, at) => [`-metadata:s:a:${at}`, `title=${at}`]).flat(),
    ],
    outcome: heard,
  },
  {
    name: "thumbnail-first.mov",
    about: "a disabled thumbnail track before the video",
    from: [
      ...[...picture("32x18"), ...picture(), ...map(2), ...X264],
      ...["-disposition:v:0", "0", "-disposition:v:1", "default"],
    ],
    outcome: { ...heard, sound: false },
  },
  {
    name: "dual-mono.mov",
    about: "the sound is in two mono tracks",
    from: [...picture(), ...channels(1), ...channels(1), ...map(3), ...X264, "-c:a", "pcm_s16le"],
    outcome: heard,
  },
  {
    name: "cover.mp4",
    about: "cover art beside the video",
    from: [
      ...[...picture(), ...tone(), ...picture("32x32", 0.1), ...map(3), ...X264, ...AAC],
      ...["-c:v:1", "mjpeg", "-frames:v:1", "1", "-disposition:v:1", "attached_pic"],
    ],
    outcome: heard,
  },
  {
    name: "captions.mp4",
    about: "a captions track",
    from: [
      ...picture(),
      ...tone(),
      "-i",
      "{words.mov}",
      ...map(3),
      ...X264,
      ...AAC,
      "-c:s",
      "mov_text",
    ],
    outcome: { ...heard, warnings: ["source.captions"] },
  },
  {
    name: "captions.mkv",
    about: "SRT captions in Matroska",
    from: [...picture(), ...tone(), "-i", "{words.mov}", ...map(3), ...X264, ...AAC, "-c:s", "srt"],
    outcome: { ...heard, warnings: ["source.captions"] },
  },
  ...["wvtt", "stpp"].map(
    (format): OddSource => ({
      name: `${format}.mp4`,
      about: `captions in a format that the encoder does not read (${format})`,
      from: { of: ["captions.mp4"], bytes: (file) => renamed(file, "tx3g", format) },
      outcome: { ...heard, warnings: ["source.captions"] },
    }),
  ),
  ...[
    { name: "pgs.mkv", about: "subtitles in pictures (PGS)", codec: "copy" },
    { name: "vobsub.mkv", about: "subtitles in pictures (VobSub)", codec: "dvdsub" },
    { name: "dvb.ts", about: "subtitles in pictures (DVB)", codec: "dvbsub" },
  ].map(
    ({ codec, ...source }): OddSource => ({
      ...source,
      from: [
        ...[...picture(), ...tone()],
        // Without it, the file states the length of a picture that never ends.
        ...["-fix_sub_duration", "-i", "{pictures.sup}", ...map(3), ...X264, ...AAC],
        ...["-c:s", codec, "-metadata:s:s:0", "language=deu"],
      ],
      outcome: { ...heard, warnings: ["source.captions"] },
    }),
  ),
  {
    name: "chapters.mkv",
    about: "chapters",
    from: [
      ...picture(),
      ...tone(),
      "-i",
      "{chapters.txt}",
      "-map_chapters",
      "2",
      ...map(2),
      ...X264,
      ...AAC,
    ],
    outcome: heard,
  },
  {
    name: "timecode.mov",
    about: "a timecode track with a language",
    from: [
      ...[...picture("64x36", 1, 25), ...X264, "-timecode", "10:00:00:00"],
      ...["-metadata:s:v:0", "language=deu"],
    ],
    outcome: { ...heard, sound: false },
  },
  {
    name: "8-khz.mov",
    about: "mono sound with 8,000 samples per second",
    from: [...picture(), ...tone(), ...X264, "-c:a", "pcm_s16le", "-ar", "8000"],
    outcome: heard,
  },
  {
    name: "unlisted-sound.mov",
    about: "a sound codec that no camera uses",
    from: [...picture(), ...tone(), ...X264, "-c:a", "dfpwm"],
    outcome: { failed: "The encoder cannot decode the file's audio format." },
  },
  {
    name: "only-captions.mp4",
    about: "captions alone",
    from: ["-i", "{words.mov}", "-c:s", "mov_text"],
    outcome: { rejected: "The file has no video track." },
  },
  {
    name: "sound.m4a",
    about: "sound alone",
    from: [...tone(), ...AAC],
    outcome: SOUND,
  },
  {
    name: "album.mp3",
    about: "sound with cover art",
    from: [
      ...tone(),
      ...picture("32x32", 0.1),
      ...map(2),
      "-c:v",
      "mjpeg",
      "-frames:v",
      "1",
      "-id3v2_version",
      "3",
    ],
    outcome: SOUND,
  },
  { name: "sound.wav", about: "WAV", from: [...tone()], outcome: SOUND },
  { name: "sound.flac", about: "FLAC", from: [...tone()], outcome: SOUND },
  {
    name: "sound.mkv",
    about: "sound alone in Matroska",
    from: [...tone(), ...AAC],
    outcome: SOUND,
  },
  {
    name: "words.mov",
    about: "captions that are named as a video",
    from: { bytes: text(srt) },
    outcome: { rejected: "This is not a video file, or its format is not supported." },
  },
  {
    name: "chapters.txt",
    about: "text about chapters",
    from: { bytes: text(chapters) },
    outcome: { rejected: "This is not a video file, or its format is not supported." },
  },
];

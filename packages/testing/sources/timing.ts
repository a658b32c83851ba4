import { AAC, damage, lie, picture, spaced, start, statedMs, tone, X264 } from "./parts.ts";
import type { OddSource } from "./source.ts";

const heard = { size: "64×36", seconds: 1, sound: true } as const;
const silent = { ...heard, sound: false } as const;
const TRUNCATED = "The file is incomplete: its end is missing. Upload the whole file again.";
const webm = ["-c:v", "libvpx", "-deadline", "realtime"];

/** Sources with names of their own. */
const CUT: Record<string, string> = {
  mxf: "broadcast.mxf",
  wav: "sound.wav",
  mp3: "album.mp3",
};

/** Durations, clocks, edits, missing ends and damage. */
export const TIMING: OddSource[] = [
  {
    name: "later.ts",
    about: "begins at 11 hours",
    from: ["-i", "{part.ts}", "-c", "copy", "-output_ts_offset", "40000"],
    outcome: heard,
  },
  {
    name: "joined-forward.ts",
    about: "the clock jumps 11 hours ahead",
    from: {
      of: ["part.ts", "later.ts"],
      bytes: (one, other) => Buffer.concat([one, other ?? one]),
    },
    outcome: { ...heard, seconds: 2 },
  },
  {
    name: "joined-back.ts",
    about: "the clock jumps 11 hours back",
    from: {
      of: ["later.ts", "part.ts"],
      bytes: (one, other) => Buffer.concat([one, other ?? one]),
    },
    outcome: { ...heard, seconds: 2 },
  },
  {
    name: "joined-sizes.ts",
    about: "a smaller picture with other chroma follows",
    from: {
      of: ["part.ts", "small.ts"],
      bytes: (one, other) => Buffer.concat([one, other ?? one]),
    },
    outcome: { ...heard, seconds: 2, warnings: ["source.changed"] },
  },
  {
    name: "mid-packet.ts",
    about: "begins inside a packet",
    from: { of: ["part.ts"], bytes: (file) => file.subarray(100) },
    outcome: { ...heard, seconds: 1 },
  },
  {
    name: "camcorder.m2ts",
    about: "a time before each packet",
    from: { of: ["part.ts"], bytes: (file) => spaced(file, 192) },
    outcome: heard,
  },
  {
    name: "states-ten-times.mov",
    about: "states 10 s and has 1 s",
    from: { of: ["plain.mp4"], bytes: (file) => lie(file, 10) },
    outcome: { ...heard, warnings: ["source.length"] },
  },
  {
    name: "states-half-an-hour.mov",
    about: "states 50 minutes and has 1 s",
    from: { of: ["plain.mp4"], bytes: (file) => lie(file, 3000) },
    outcome: { ...heard, warnings: ["source.length"] },
  },
  {
    name: "states-a-tenth.mov",
    about: "states 0.1 s and has 1 s",
    from: { of: ["plain.mp4"], bytes: (file) => lie(file, 0.1) },
    outcome: heard,
  },
  {
    name: "states-ten-hours.mov",
    about: "states 10 h and has 1 s",
    from: { of: ["plain.mp4"], bytes: (file) => lie(file, 36_000) },
    outcome: { rejected: "The video is 10 h long. The limit is 1 h." },
  },
  {
    name: "still-end.webm",
    about: "a screen recording whose picture stops after 1 of 3 s",
    from: { of: ["moving.webm"], bytes: (file) => statedMs(file, 3000) },
    outcome: { ...silent, seconds: 3 },
  },
  {
    name: "live.webm",
    about: "a browser's recording without a duration",
    from: [...picture(), ...tone(), ...webm, "-c:a", "libopus", "-f", "webm", "-live", "1"],
    outcome: heard,
  },
  {
    name: "live-cut.webm",
    about: "a browser's recording that broke off",
    from: { of: ["live.webm"], bytes: start(0.7) },
    outcome: heard,
  },
  {
    name: "fragments.mp4",
    about: "fragments without a duration",
    from: [
      ...[...picture(), ...tone(), ...X264, "-g", "5", ...AAC],
      ...["-movflags", "frag_keyframe+empty_moov+default_base_moof+skip_trailer"],
    ],
    outcome: heard,
  },
  {
    name: "fragments-cut.mp4",
    about: "cut inside a fragment",
    from: { of: ["fragments.mp4"], bytes: start(0.7) },
    outcome: { rejected: TRUNCATED },
  },
  {
    name: "edit-list.mp4",
    about: "an edit list leaves out the first half",
    from: ["-ss", "0.5", "-i", "{plain.mp4}", "-c", "copy"],
    outcome: { ...heard, seconds: 0.5 },
  },
  {
    name: "late-sound.mp4",
    about: "the sound begins after 0.5 s",
    from: [
      "-i",
      "{plain.mp4}",
      "-itsoffset",
      "0.5",
      "-i",
      "{plain.mp4}",
      "-map",
      "0:v",
      "-map",
      "1:a",
      "-c",
      "copy",
    ],
    outcome: { ...heard, seconds: 1.5 },
  },
  {
    name: "long-sound.mp4",
    about: "the sound is longer than the picture",
    from: [...picture("64x36", 0.5), ...tone(2), ...X264, ...AAC],
    outcome: { ...heard, seconds: 2 },
  },
  {
    name: "short-sound.mp4",
    about: "the sound is shorter than the picture",
    from: [...picture("64x36", 2), ...tone(0.2), ...X264, ...AAC],
    outcome: { ...heard, seconds: 2 },
  },
  {
    name: "cut-index.mp4",
    about: "cut before the index at its end",
    from: { of: ["plain.mp4"], bytes: start(0.5) },
    outcome: { rejected: TRUNCATED },
  },
  {
    name: "cut-data.mp4",
    about: "cut behind the index at its start",
    from: { of: ["fast.mp4"], bytes: (file) => file.subarray(0, -9) },
    outcome: { rejected: TRUNCATED },
  },
  {
    name: "cut.mkv",
    about: "Matroska without its end",
    from: { of: ["odd.mkv"], bytes: start(0.5) },
    outcome: { rejected: TRUNCATED },
  },
  {
    name: "cut.avi",
    about: "AVI without its end",
    from: { of: ["full-range.avi"], bytes: start(0.5) },
    outcome: { rejected: TRUNCATED },
  },
  ...["flv", "ogv", "wmv", "mxf", "wav", "mp3"].map(
    (extension): OddSource => ({
      name: `cut.${extension}`,
      about: `without its end: ${extension}`,
      from: { of: [CUT[extension] ?? `old.${extension}`], bytes: start(0.6) },
      outcome: { rejected: TRUNCATED },
    }),
  ),
  {
    name: "cut.ts",
    about: "a transport stream that broke off",
    from: { of: ["part.ts"], bytes: start(0.6) },
    outcome: { ...heard, warnings: ["source.damaged"] },
  },
  {
    name: "damaged.ts",
    about: "damaged in the middle",
    from: { of: ["part.ts"], bytes: damage },
    outcome: { ...heard, warnings: ["source.damaged"] },
  },
  {
    name: "damaged.mp4",
    about: "damaged in the middle",
    from: { of: ["fast.mp4"], bytes: damage },
    outcome: { ...heard, warnings: ["source.damaged"] },
  },
];

const PROFILE = { summary: "One file.", hls: false, downloads: ["720p"], usesPresets: true };

/**
 * Settings with which a video becomes one MP4 file and a poster: for tests that need a finished video and do not depend on
 * its files. Each further file costs an encode and a run of ffprobe.
 */
export const ONE_FILE = {
  profile: "one-file",
  profiles: JSON.stringify({ "one-file": PROFILE }),
};

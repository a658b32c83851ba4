import { describe, expect, test } from "vitest";
import { parseMedia } from "./media.ts";
import { parseCreateJob } from "./schema.ts";
import { translate } from "./translate/command.ts";

/** A job as MediaConvert's console exports it: every default is spelled out. */
function exported() {
  return {
    queue: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
    role: "arn:aws:iam::000000000000:role/rushes",
    userMetadata: {},
    statusUpdateInterval: "SECONDS_60",
    priority: 0,
    hopDestinations: [],
    accelerationSettings: { mode: "DISABLED" },
    settings: {
      timecodeConfig: { source: "SPECIFIEDSTART", start: "01:00:00;00" },
      adAvailOffset: 0,
      followSource: 1,
      inputs: [
        {
          fileInput: "s3://uploads/clip.mov",
          timecodeSource: "EMBEDDED",
          filterEnable: "AUTO",
          filterStrength: 0,
          deblockFilter: "DISABLED",
          denoiseFilter: "DISABLED",
          psiControl: "USE_PSI",
          inputScanType: "AUTO",
          videoSelector: { colorSpace: "FOLLOW", rotate: "DEGREE_0", alphaBehavior: "DISCARD" },
          audioSelectors: {
            "Audio Selector 1": {
              offset: 0,
              defaultSelection: "DEFAULT",
              selectorType: "TRACK",
              programSelection: 1,
            },
          },
        },
      ],
      outputGroups: [
        {
          name: "File Group",
          outputGroupSettings: {
            type: "FILE_GROUP_SETTINGS",
            fileGroupSettings: { destination: "s3://renditions/clip" },
          },
          outputs: [output()],
        },
      ],
    },
  };
}

function output() {
  return {
    extension: "mp4",
    containerSettings: {
      container: "MP4",
      mp4Settings: {
        cslgAtom: "EXCLUDE",
        cttsVersion: 0,
        freeSpaceBox: "EXCLUDE",
        moovPlacement: "PROGRESSIVE_DOWNLOAD",
      },
    },
    videoDescription: {
      scalingBehavior: "DEFAULT",
      timecodeInsertion: "DISABLED",
      antiAlias: "ENABLED",
      sharpness: 50,
      afdSignaling: "NONE",
      dropFrameTimecode: "ENABLED",
      respondToAfd: "NONE",
      colorMetadata: "INSERT",
      codecSettings: {
        codec: "H_264",
        h264Settings: {
          interlaceMode: "PROGRESSIVE",
          numberReferenceFrames: 3,
          syntax: "DEFAULT",
          softness: 0,
          gopClosedCadence: 1,
          gopSize: 90,
          slices: 1,
          gopBReference: "DISABLED",
          slowPal: "DISABLED",
          spatialAdaptiveQuantization: "ENABLED",
          temporalAdaptiveQuantization: "ENABLED",
          flickerAdaptiveQuantization: "DISABLED",
          entropyEncoding: "CABAC",
          bitrate: 1_000_000,
          framerateControl: "INITIALIZE_FROM_SOURCE",
          rateControlMode: "CBR",
          codecProfile: "MAIN",
          telecine: "NONE",
          minIInterval: 0,
          adaptiveQuantization: "AUTO",
          codecLevel: "AUTO",
          fieldEncoding: "PAFF",
          sceneChangeDetect: "TRANSITION_DETECTION",
          qualityTuningLevel: "SINGLE_PASS",
          framerateConversionAlgorithm: "DUPLICATE_DROP",
          unregisteredSeiTimecode: "DISABLED",
          gopSizeUnits: "FRAMES",
          parControl: "INITIALIZE_FROM_SOURCE",
          numberBFramesBetweenReferenceFrames: 2,
          repeatPps: "DISABLED",
          dynamicSubGop: "STATIC",
          hrdBufferInitialFillPercentage: 90,
        },
      },
    },
    audioDescriptions: [
      {
        audioTypeControl: "FOLLOW_INPUT",
        audioSourceName: "Audio Selector 1",
        audioType: 0,
        languageCodeControl: "FOLLOW_INPUT",
        languageCode: "ENG",
        codecSettings: {
          codec: "AAC",
          aacSettings: {
            audioDescriptionBroadcasterMix: "NORMAL",
            bitrate: 96_000,
            rateControlMode: "CBR",
            codecProfile: "LC",
            codingMode: "CODING_MODE_2_0",
            rawFormat: "NONE",
            sampleRate: 48_000,
            specification: "MPEG4",
          },
        },
      },
    ],
  };
}

/** A 720×576 source for screens of 16:9, at 25 frames per second. */
const clip = (over: Record<string, unknown> = {}) =>
  parseMedia({
    streams: [
      {
        index: 0,
        codec_type: "video",
        codec_name: "h264",
        width: 720,
        height: 576,
        sample_aspect_ratio: "64:45",
        avg_frame_rate: "25/1",
        pix_fmt: "yuv420p",
        ...over,
      },
      { index: 1, codec_type: "audio", codec_name: "aac", channels: 2, sample_rate: "48000" },
    ],
    format: { format_name: "mov,mp4,m4a,3gp,3g2,mj2", duration: "10.0" },
  });

const argsOf = (job: unknown, media = clip()) =>
  translate(parseCreateJob(job).settings, media).args;

describe("a job with the console's defaults", () => {
  test("keeps the size, the rate and the pixels of the source", () => {
    expect(argsOf(exported())[1]).toContain("scale=720:576,setsar=64/45,");
    expect(argsOf(exported())[1]).toContain("fps=25/1");
  });

  test("keeps the shape of the pixels when it rotates the picture", () => {
    const turned = exported();
    const [input] = turned.settings.inputs;
    if (input) input.videoSelector.rotate = "DEGREES_90";
    expect(argsOf(turned)[1]).toContain("scale=576:720,setsar=45/64,");
  });

  test("detects scene changes, and encodes at a constant rate without flicker reduction", () => {
    const args = argsOf(exported()).join(" ");
    expect(args).not.toContain("-sc_threshold 0");
    expect(args).toContain("-b:v 1000000 -minrate 1000000");
    expect(args).toContain("-g 90");
  });

  test("starts composition times at zero only if it asks for the cslg box", () => {
    const withBox = exported();
    const [group] = withBox.settings.outputGroups;
    const [first] = group?.outputs ?? [];
    if (first) first.containerSettings.mp4Settings.cslgAtom = "INCLUDE";
    expect(argsOf(withBox).join(" ")).toContain("-movflags +faststart+negative_cts_offsets");
    expect(argsOf(exported()).join(" ")).toContain("-movflags +faststart ");
  });

  test.each([
    ["sharpness", { sharpness: 100 }],
    ["timecodeInsertion", { timecodeInsertion: "PIC_TIMING_SEI" }],
    ["afdSignaling", { afdSignaling: "AUTO" }],
    ["crop", { crop: { x: 0, y: 0, width: 64, height: 64 } }],
  ])("is rejected if %s would change the result", (name, change) => {
    const changed = exported();
    for (const { outputs } of changed.settings.outputGroups) {
      for (const { videoDescription } of outputs) Object.assign(videoDescription, change);
    }
    expect(() => parseCreateJob(changed)).toThrow(
      `/outputGroups/0/outputs/0/videoDescription/${name}: `,
    );
  });
});

import { jobRequest } from "@rushes/testing/job-request";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cmafRequest } from "./cmaf.fixture.ts";
import { detectContainer } from "./container.ts";
import { ApiError, JobError } from "./errors.ts";
import { type MediaInfo, parseMedia } from "./media.ts";
import { parseCreateJob } from "./schema.ts";
import { translate } from "./translate/command.ts";
import { toWire } from "./wire-json.ts";

const request = ({
  hasAudio = true,
  safeName = "my video",
  ...picture
}: {
  hasAudio?: boolean;
  safeName?: string;
  isProgressive?: boolean;
  isBt709?: boolean;
} = {}) =>
  jobRequest({
    jobId: "job_1",
    attempt: 2,
    sourceUrl: "s3://rushes-uploads/upl_1/my video.mp4",
    destination: "s3://rushes-renditions/job_1/2/my video/",
    safeName,
    source: {
      picture: { width: 1920, height: 1080, frameRate: 30, ...picture },
      audio: hasAudio ? [{}] : [],
    },
  });
const body = (over = {}) => toWire(request(over)) as Record<string, unknown>; // An object stays one.

function media(over: { stream?: Record<string, unknown>; audio?: boolean } = {}): MediaInfo {
  const video = {
    index: 0,
    codec_type: "video",
    codec_name: "h264",
    width: 1920,
    height: 1080,
    avg_frame_rate: "30/1",
    pix_fmt: "yuv420p",
    field_order: "progressive",
    ...over.stream,
  };
  const audio = {
    index: 1,
    codec_type: "audio",
    codec_name: "aac",
    channels: 2,
    sample_rate: "48000",
  };
  return parseMedia({
    streams: over.audio === false ? [video] : [video, audio],
    format: { format_name: "mov,mp4,m4a,3gp,3g2,mj2", duration: "10.0" },
  });
}

describe("the product's own request", () => {
  const plan = translate(parseCreateJob(body()).settings, media());

  test("decodes once and scales each size once", () => {
    const graph = plan.args[plan.args.indexOf("-filter_complex") + 1] ?? "";
    expect(graph.match(/\[0:\d\]/g)).toEqual(["[0:0]"]);
    expect(graph.match(/scale=1280:720,setsar=1,format=yuv420p,/g)).toHaveLength(1);
    expect(plan.args.filter((arg) => arg === "-i")).toEqual([]);
  });

  test("has the expected object keys", () => {
    expect(plan.outputs.map(({ keyStem, extension }) => `${keyStem}.${extension}`)).toEqual([
      "job_1/2/my video/my video-1080p.mp4",
      "job_1/2/my video/my video-720p.mp4",
      "job_1/2/my video/my video-web-720p.mp4",
      "job_1/2/my video/my video-poster.jpg",
    ]);
  });

  test("contains no user-chosen name in the arguments", () => {
    const odd = "-y %03d $(id) ; été 🎬";
    const { args } = translate(
      parseCreateJob(body({ safeName: odd.replace("$", "_") })).settings,
      media(),
    );
    expect(args.join("\n")).not.toContain("été");
  });

  test("requests no audio for a source without audio", () => {
    const { args } = translate(
      parseCreateJob(body({ hasAudio: false })).settings,
      media({ audio: false }),
    );
    expect(args).not.toContain("aac");
  });

  test("fails with 1021 if the selector finds no audio", () => {
    const run = () => translate(parseCreateJob(body()).settings, media({ audio: false }));
    expect(run).toThrow(JobError);
    expect(run).toThrow(expect.objectContaining({ code: 1021 }));
  });

  test("deinterlaces and converts colors only if requested", () => {
    const stream = { field_order: "tt", color_space: "smpte170m", color_primaries: "smpte170m" };
    const graphOf = (over: Parameters<typeof request>[0]) =>
      translate(parseCreateJob(body(over)).settings, media({ stream })).args.join(" ");
    const asked = graphOf({});
    expect(asked.match(/yadif/g)).toHaveLength(1);
    expect(asked).toContain("primaries=bt709");
    expect(asked).toContain("-color_primaries bt709");
    const unasked = graphOf({ isProgressive: true, isBt709: true });
    expect(unasked).not.toMatch(/yadif|primaries=bt709|-color_primaries/);
  });

  test("deinterlaces every frame if requested", () => {
    const changed = structuredClone(body());
    for (const { outputs } of (changed as { settings: { outputGroups: Groups } }).settings // Its own request.
      .outputGroups) {
      for (const { videoDescription } of outputs) {
        videoDescription.videoPreprocessors.deinterlacer = { control: "FORCE_ALL_FRAMES" };
      }
    }
    expect(translate(parseCreateJob(changed).settings, media()).args[1]).toContain("yadif,split");
  });

  test("deinterlaces only interlaced video, and tone-maps only HDR", () => {
    const graphOf = (stream: Record<string, unknown>) =>
      translate(parseCreateJob(body()).settings, media({ stream })).args[1] ?? "";
    const chains = graphOf({}).split(";");
    const videos = chains.filter((chain) => !chain.includes("yuvj420p"));
    expect(videos.join(";")).not.toMatch(/yadif|tonemap|matrix/);
    // A JPEG has the matrix and the range of BT.601.
    expect(chains.find((chain) => chain.includes("yuvj420p"))).toContain("matrix=bt470bg:range=pc");
    expect(graphOf({ field_order: "tt" })).toContain("yadif=deint=interlaced");
    expect(graphOf({ color_transfer: "smpte2084", color_space: "bt2020nc" })).toContain("tonemap");
    expect(graphOf({ color_space: "smpte170m" })).toContain("colorspace=smpte170m");
  });
});

test("deinterlaces and tone-maps once for all rungs of an adaptive stream", () => {
  const request = cmafRequest({ fileInput: "s3://uploads/a", folder: "a" });
  const body = toWire(request);
  const graphOf = (stream: Record<string, unknown>) =>
    translate(parseCreateJob(body).settings, media({ stream })).args[1] ?? "";
  const hdr = { color_transfer: "smpte2084", color_space: "bt2020nc" };
  const chains = graphOf({ ...hdr, field_order: "tt" }).split(";");
  expect(chains[0]).toContain("yadif=deint=interlaced,split");
  expect(chains.filter((chain) => chain.includes("yadif"))).toHaveLength(1);
  // The scaler of the first chain only adapts pictures of another size.
  const scaled = chains.slice(1).filter((chain) => chain.includes("scale="));
  const rungs = scaled.filter((chain) => !chain.includes("yuvj420p"));
  expect(rungs).toHaveLength(3);
  expect(rungs.filter((chain) => chain.includes("tonemap"))).toEqual([rungs[0]]);
  expect(graphOf({})).not.toMatch(/yadif|tonemap/);
});

describe("an unsupported setting", () => {
  test.each([
    ["/inputs/0/denoiseFilter", (s: Json) => set(s, ["inputs", 0, "denoiseFilter"], "ENABLED")],
    [
      "/outputGroups/0/outputs/1/captionDescriptions",
      (s: Json) =>
        set(
          s,
          ["outputGroups", 0, "outputs", 1, "captionDescriptions"],
          [{ captionSelectorName: "a", destinationSettings: { destinationType: "WEBVTT" } }],
        ),
    ],
    [
      "/outputGroups/0/outputs/1/captionDescriptions/0/destinationSettings/destinationType",
      (s: Json) =>
        set(
          s,
          ["outputGroups", 0, "outputs", 1, "captionDescriptions"],
          [{ captionSelectorName: "a", destinationSettings: { destinationType: "BURN_IN" } }],
        ),
    ],
    [
      "/outputGroups/0/automatedEncodingSettings",
      (s: Json) => set(s, ["outputGroups", 0, "automatedEncodingSettings"], {}),
    ],
    [
      "/outputGroups/0/outputs/0/videoDescription/codecSettings/h264Settings/adaptiveQuantization",
      (s: Json) =>
        set(
          s,
          [
            "outputGroups",
            0,
            "outputs",
            0,
            "videoDescription",
            "codecSettings",
            "h264Settings",
            "adaptiveQuantization",
          ],
          "HIGH",
        ),
    ],
    [
      "/outputGroups/0/outputs/1/videoDescription/videoPreprocessors/deinterlacer",
      (s: Json) =>
        set(
          s,
          [
            "outputGroups",
            0,
            "outputs",
            1,
            "videoDescription",
            "videoPreprocessors",
            "deinterlacer",
          ],
          undefined,
        ),
    ],
    ["/nielsenConfiguration", (s: Json) => set(s, ["nielsenConfiguration"], {})],
  ])("is rejected with its JSON pointer: %s", (pointer, change) => {
    const changed = structuredClone(body());
    change(changed.settings as Json);
    expect(() => parseCreateJob(changed)).toThrow(ApiError);
    expect(() => parseCreateJob(changed)).toThrow(`${pointer}: `);
  });

  test("is rejected at every level of the request", () => {
    const paths = objectPaths(body());
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.string({ minLength: 1 }), (path, tail) => {
        const changed = structuredClone(body());
        set(changed, [...path, `unknown${tail}`], 1);
        expect(() => parseCreateJob(changed)).toThrow(/is not translated by this encoder/);
      }),
    );
  });

  test("an empty list has AWS's error message", () => {
    const changed = structuredClone(body());
    set(changed, ["settings", "outputGroups", 0, "outputs"], []);
    expect(() => parseCreateJob(changed)).toThrow(
      "/outputGroups/0/outputs: Should have at least 1 items",
    );
  });

  test("can be a format identifier in a name", () => {
    const changed = structuredClone(body());
    set(changed, ["settings", "outputGroups", 0, "outputs", 0, "nameModifier"], "-$dt$");
    expect(() => parseCreateJob(changed)).toThrow("/outputGroups/0/outputs/0/nameModifier");
  });
});

test("does not detect a container in a playlist or a text file", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(detectContainer(bytes("#EXTM3U\nfile:///etc/passwd"))).toBeUndefined();
  expect(detectContainer(bytes("ffconcat version 1.0\nfile /etc/passwd"))).toBeUndefined();
  expect(detectContainer(new Uint8Array())).toBeUndefined();
  expect(detectContainer(bytes("\0\0\0\x20ftypqt  "))).toBe("quicktime");
  expect(detectContainer(bytes("\0\0\0\x20ftypisom"))).toBe("mp4");
});

test("never throws for any bytes, and never returns a broken track", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void detectContainer(bytes)));
  fc.assert(
    fc.property(fc.integer({ min: -720, max: 720 }), (rotation) => {
      const { video } = media({ stream: { side_data_list: [{ rotation }] } });
      expect([0, 90, 180, 270]).toContain(video?.rotation);
    }),
  );
  expect(media({ stream: { side_data_list: [{ rotation: -90 }] } }).video?.rotation).toBe(90);
  expect(
    media({ stream: { avg_frame_rate: "0/0", r_frame_rate: "25/1" } }).video?.frameRate,
  ).toEqual({
    numerator: 25,
    denominator: 1,
  });
  expect(media({ stream: { disposition: { attached_pic: 1 } } }).video).toBeUndefined();
});

type Json = Record<string, unknown>;
type Groups = { outputs: { videoDescription: { videoPreprocessors: Json } }[] }[];

function set(target: unknown, path: (string | number)[], value: unknown): void {
  const [key = "", ...rest] = path;
  const holder = target as Record<string | number, unknown>; // Only objects and lists are walked.
  if (rest.length === 0) holder[key] = value;
  else set(holder[key], rest, value);
}

/** The paths of all objects with fixed keys. Users choose the keys of selectors and metadata. */
function objectPaths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  const last = path.at(-1);
  if (Array.isArray(value)) return value.flatMap((item, i) => objectPaths(item, [...path, i]));
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, item]) => objectPaths(item, [...path, key]));
  return last === "userMetadata" || last === "audioSelectors" ? inner : [path, ...inner];
}

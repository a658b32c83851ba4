import { expect, test } from "vitest";
import { parseMedia, type VideoTrack } from "../media.ts";
import { isHdr } from "./color-tags.ts";
import { toneMap } from "./tone-map.ts";

const picture = (stream: Record<string, unknown>): VideoTrack => {
  const { video } = parseMedia({
    streams: [{ index: 0, codec_type: "video", width: 64, height: 36, ...stream }],
    format: { format_name: "matroska,webm" },
  });
  if (!video) throw new Error("There is no picture.");
  return video;
};

const missing = [undefined, "unknown", "unspecified", "reserved"];
const combinations = ["smpte2084", "arib-std-b67"].flatMap((color_transfer) =>
  [...missing, "bt2020"].flatMap((color_primaries) =>
    [...missing, "bt2020nc", "bt2020c"].flatMap((color_space) =>
      ["tv", undefined, "unknown"].map((color_range) => ({
        color_transfer,
        color_primaries,
        color_space,
        color_range,
        pix_fmt: "yuv420p10le",
      })),
    ),
  ),
);

test("treats HDR with only a transfer function as BT.2020", () => {
  expect(combinations).toHaveLength(180);
  for (const tags of combinations) {
    const video = picture(tags);
    expect(isHdr(video)).toBe(true);
    expect(toneMap(video)[0]).toBe(
      `setparams=color_primaries=bt2020:color_trc=${tags.color_transfer}:colorspace=bt2020nc:range=tv`,
    );
  }
});

test("keeps usable tags", () => {
  const tags = { color_transfer: "smpte2084", color_primaries: "smpte432", color_space: "ictcp" };
  const [full] = toneMap(picture({ ...tags, color_range: "pc", pix_fmt: "yuv420p10le" }));
  expect(full).toBe(
    "setparams=color_primaries=smpte432:color_trc=smpte2084:colorspace=ictcp:range=pc",
  );
  const [rgb] = toneMap(picture({ ...tags, color_range: "tv", pix_fmt: "gbrp10le" }));
  expect(rgb).toContain("colorspace=gbr:range=pc");
});

test.each([undefined, "unknown", "bt709", "bt2020-10", "iec61966-2-1"])(
  "does not treat the transfer function %s as HDR",
  (color_transfer) => {
    expect(isHdr(picture({ color_transfer, color_primaries: "bt2020" }))).toBe(false);
  },
);

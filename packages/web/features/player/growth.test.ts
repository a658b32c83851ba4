import { expect, test } from "vitest";
import { encodedSeconds, firstVariant, readGrowth } from "./growth.ts";

const MULTIVARIANT = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="1",URI="index-audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio"
index-720p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO="audio"
index-1080p.m3u8
`;
const GROWING = `#EXTM3U
#EXT-X-PLAYLIST-TYPE:EVENT
#EXTINF:2.000000,
index-720p_00001.cmfv
#EXTINF:1.5,
index-720p_00002.cmfv
`;

test("counts the seconds that are encoded, and all of a complete video", () => {
  expect(encodedSeconds(GROWING)).toBeCloseTo(3.5);
  expect(encodedSeconds(`${GROWING}#EXT-X-ENDLIST\n`)).toBe(Number.POSITIVE_INFINITY);
});

test("reads the first variant with the same signature", async () => {
  const requests: string[] = [];
  const seconds = await readGrowth("https://cdn/hls/index.m3u8?Signature=1", async (url) => {
    requests.push(url);
    return url.includes("720p") ? GROWING : MULTIVARIANT;
  });
  expect(seconds).toBeCloseTo(3.5);
  expect(requests).toEqual([
    "https://cdn/hls/index.m3u8?Signature=1",
    "https://cdn/hls/index-720p.m3u8?Signature=1",
  ]);
  expect(firstVariant("#EXTM3U\n", "https://cdn/hls/index.m3u8")).toBeUndefined();
});

import { expect, test } from "vitest";
import { readMultivariant } from "./multivariant.ts";

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="index-audio.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Deutsch",LANGUAGE="de",AUTOSELECT=YES,URI="index-captions-de.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=700000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,AUDIO="audio",SUBTITLES="subs"
index-360p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5900000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=30.000,AUDIO="audio",SUBTITLES="subs"
index-1080p.m3u8
#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=10000,RESOLUTION=160x90,CODECS="jpeg",URI="index-images.m3u8"
`;

test("reads rungs, captions and storyboard of a multivariant playlist", () => {
  expect(readMultivariant(PLAYLIST)).toEqual({
    videoCodec: "AVC",
    audioCodec: "AAC",
    rungs: [
      { width: 1920, height: 1080, frameRate: 30, bitRate: 5_900_000, averageBitRate: undefined },
      { width: 640, height: 360, frameRate: 29.97, bitRate: 900_000, averageBitRate: 700_000 },
    ],
    hasStoryboard: true,
    captions: [{ language: "de", name: "Deutsch" }],
  });
});

test("reads a stream that has only sound", () => {
  const text = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=140000,CODECS="mp4a.40.2"\nindex-audio.m3u8\n';
  expect(readMultivariant(text)).toEqual({
    audioCodec: "AAC",
    ...{ rungs: [], hasStoryboard: false, captions: [] },
  });
});

test.each([
  "",
  "#EXTM3U\n",
  "not a playlist",
  "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nindex-720p_00001.cmfv\n",
  "#EXTM3U\n#EXT-X-STREAM-INF:RESOLUTION=640x360\nindex-360p.m3u8\n",
])("returns nothing for %j", (text) => {
  expect(readMultivariant(text)).toBeUndefined();
});

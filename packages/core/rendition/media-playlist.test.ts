import { expect, test } from "vitest";
import { playlistsIn, readMediaPlaylist } from "./media-playlist.ts";

const HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n";
const SEGMENTS = `#EXT-X-MAP:URI="init.cmfv"\n#EXTINF:2.0,\n1.cmfv\n#EXTINF:1.5,\n2.cmfv\n`;

test("reads the files and the length of a media playlist, and whether it has ended", () => {
  const playlist = { files: ["init.cmfv", "1.cmfv", "2.cmfv"], seconds: 3.5 };
  expect(readMediaPlaylist(`${HEAD}${SEGMENTS}#EXT-X-ENDLIST\n`)).toEqual({
    ...playlist,
    isEnded: true,
  });
  expect(readMediaPlaylist(`${HEAD}${SEGMENTS}`)).toEqual({ ...playlist, isEnded: false });
});

test("finds no end in other texts", () => {
  const multivariant = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n";
  for (const text of ["", "Hello", `${HEAD}#EXTINF:2`, multivariant]) {
    expect(readMediaPlaylist(text)?.isEnded ?? false).toBe(false);
  }
});

test("finds every playlist of a stream", () => {
  const text = [
    "#EXTM3U",
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",DEFAULT=YES,URI="audio.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="captions.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO="a"',
    "1080p.m3u8",
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
    "720p.m3u8",
    '#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="images.m3u8"',
    "",
  ].join("\n");
  expect(playlistsIn(text)).toEqual({
    variants: ["1080p.m3u8", "720p.m3u8"],
    audio: ["audio.m3u8"],
    others: ["captions.m3u8", "images.m3u8"],
  });
});

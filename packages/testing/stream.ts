/** An adaptive stream as the encoder writes it: objects in the renditions bucket, with contents that nothing decodes. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Core } from "./core.ts";

const HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
const AUDIO =
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="index-audio.m3u8"\n';

/** A multivariant playlist while the stream grows, and at its end. */
export const MULTIVARIANT = {
  growing: `${HEAD}${AUDIO}#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS="avc1.64000b,mp4a.40.2",RESOLUTION=64x36,FRAME-RATE=1.000,AUDIO="audio"\nindex-36p.m3u8\n`,
  final: `${HEAD}${AUDIO}#EXT-X-STREAM-INF:BANDWIDTH=90000,AVERAGE-BANDWIDTH=80000,CODECS="avc1.64000b,mp4a.40.2",RESOLUTION=64x36,FRAME-RATE=1.000,AUDIO="audio"\nindex-36p.m3u8\n`,
};

const ended = (segment: string) =>
  `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.0,\n${segment}\n#EXT-X-ENDLIST\n`;

/** Every file of a stream of one second that has ended. */
export const ENDED = {
  "index-36p_00001.cmfv": "0123456789",
  "index-audio_00001.cmfa": "0123456789",
  "index-36p.m3u8": ended("index-36p_00001.cmfv"),
  "index-audio.m3u8": ended("index-audio_00001.cmfa"),
  "index.m3u8": MULTIVARIANT.final,
};

/** Writes files of a stream below its folder. Resolves with their bytes together. */
export async function putStream(
  core: Core,
  folder: string,
  files: Record<string, string>,
): Promise<number> {
  for (const [name, text] of Object.entries(files)) {
    const Key = `${folder}${name}`;
    await core.storage.s3.send(
      new PutObjectCommand({ Bucket: "rushes-renditions", Key, Body: text }),
    );
  }
  return Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Jobs with HLS for the tests of the encoder, and what is in their folders. */
import { CreateJobCommand } from "@aws-sdk/client-mediaconvert";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { TestEncoder } from "@rushes/testing/mediaconvert";
import * as HLS from "hls-parser";
import { type CmafRequest, cmafRequest } from "./cmaf.fixture.ts";

HLS.setOptions({ strictMode: true });

/** Resolves with the job's id. */
export async function submit(encoder: TestEncoder, request: CmafRequest): Promise<string> {
  const { Job: job } = await encoder.mediaconvert.send(new CreateJobCommand(cmafRequest(request)));
  if (!job?.Id) throw new Error("CreateJob returned no job.");
  return job.Id;
}

/** The keys of renditions that begin with the prefix. */
export async function keys(encoder: TestEncoder, prefix: string): Promise<string[]> {
  const list = new ListObjectsV2Command({ Bucket: "renditions", Prefix: prefix });
  return ((await encoder.s3.send(list)).Contents ?? []).map(({ Key = "" }) => Key);
}

/** A multivariant playlist. Throws if it has no variants. */
export async function multivariant(
  encoder: TestEncoder,
  key: string,
): Promise<HLS.types.MasterPlaylist> {
  const playlist = HLS.parse(String(await encoder.get(key)));
  if (!(playlist instanceof HLS.types.MasterPlaylist)) throw new Error(`${key} has no variants.`);
  return playlist;
}

/** A media playlist. Throws if it has no segments. */
export async function media(encoder: TestEncoder, key: string): Promise<HLS.types.MediaPlaylist> {
  const playlist = HLS.parse(String(await encoder.get(key)));
  if (!(playlist instanceof HLS.types.MediaPlaylist)) throw new Error(`${key} has no segments.`);
  return playlist;
}

import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { parseUrl } from "../s3-url.ts";
import type { JobSettings } from "../schema.ts";
import { playlistKey } from "./playlist.ts";

/**
 * Deletes what the CMAF groups of a job have published, so that nothing of a failed job plays. The
 * multivariant playlist goes first.
 */
export async function unpublish(s3: S3Client, { outputGroups }: JobSettings): Promise<void> {
  for (const { outputGroupSettings } of outputGroups) {
    if (outputGroupSettings.type !== "CMAF_GROUP_SETTINGS") continue;
    const { Bucket, Key } = parseUrl(outputGroupSettings.cmafGroupSettings.destination);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: playlistKey({ keyStem: Key }) }));
    for (;;) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
      if (Contents.length === 0) break;
      const Objects = Contents.map((object) => ({ Key: object.Key }));
      const remove = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const [error] = (await s3.send(remove)).Errors ?? [];
      if (error) throw new Error(`${error.Key} could not be deleted: ${error.Message}`);
    }
  }
}

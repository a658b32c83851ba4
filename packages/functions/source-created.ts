import { receive } from "@rushes/core/pipeline/receive";
import { objectsHandler } from "./batch.ts";

/** S3's notifications about the uploads bucket, from their queue. */
export const handler = objectsHandler(receive);

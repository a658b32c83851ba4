import { land } from "@rushes/core/pipeline/land";
import { objectsHandler } from "./batch.ts";

/** S3's notifications about the renditions bucket, from their queue. */
export const handler = objectsHandler(land);

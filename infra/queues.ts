/** The queues of `packages/core/wiring.ts`. They receive S3's events. */
import { type QueueWiring, wiring } from "../packages/core/wiring.ts";
import { deadLetter } from "./dead.ts";
import { named, pascal } from "./wiring.ts";

const create = (name: string, wired: QueueWiring) =>
  new sst.aws.Queue(pascal(name), {
    visibilityTimeout: `${wired.visibilityTimeoutSeconds} seconds`,
    dlq: { queue: deadLetter(wired.deadLetter).arn, retry: wired.maxReceiveCount },
  });

/** The queues by their names in the wiring, such as `source-created`. */
export const queues = new Map(
  Object.entries(wiring.queues).map(([name, wired]) => [name, create(name, wired)]),
);
export const queue = (name: string): sst.aws.Queue => named(queues, name);

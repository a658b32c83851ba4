/** The dead-letter queues of `packages/core/wiring.ts`. */
import { deadLetters as wired, wiring } from "../packages/core/wiring.ts";
import { named, pascal } from "./wiring.ts";

/** SQS keeps a message for at most 14 days. */
const RETENTION_SECONDS = 14 * 24 * 3600;

const create = (name: string) =>
  new sst.aws.Queue(pascal(name), {
    transform: {
      queue: (args) => {
        args.messageRetentionSeconds = RETENTION_SECONDS;
      },
    },
  });

/** The queues by their names in the wiring, such as `source-created`. */
export const deadLetters = new Map(wired(wiring).map(({ name }) => [name, create(name)]));
export const deadLetter = (name: string): sst.aws.Queue => named(deadLetters, name);

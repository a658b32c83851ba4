/** Dead-letter queues: one for every way that a function is called. */
import { production } from "./stage.ts";

/** A queue for what could not be handled, kept as long as SQS keeps anything. */
function dead(name: string): sst.aws.Queue {
  return new sst.aws.Queue(name, {
    transform: {
      queue: (args) => {
        args.messageRetentionSeconds = 14 * 24 * 3600;
      },
    },
  });
}

export const deadLetters = {
  sourceCreated: dead("SourceCreatedDead"),
  renditionCreated: dead("RenditionCreatedDead"),
  transcodeChanged: dead("TranscodeChangedDead"),
  jobChanged: dead("JobChangedDead"),
  mailFeedback: dead("MailFeedbackDead"),
  reconcile: dead("ReconcileDead"),
};

/** What of a stage may be lost without a trace: nothing of production. */
export const retries = production ? 2 : 1;

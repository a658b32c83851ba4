/** Every rule that a stage of the app must keep. */
import type { Rules } from "../rule.ts";
import { ACCESS } from "./access.ts";
import { BUCKETS } from "./buckets.ts";
import { EVENTS } from "./events.ts";
import { MEDIA } from "./media.ts";
import { QUEUES } from "./queues.ts";
import { SITE } from "./site.ts";
import { STAGE } from "./stage.ts";
import { WATCH } from "./watch.ts";

export const RULES: Rules = {
  ...ACCESS,
  ...BUCKETS,
  ...EVENTS,
  ...MEDIA,
  ...QUEUES,
  ...SITE,
  ...STAGE,
  ...WATCH,
};

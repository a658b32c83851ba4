import type { WATCH_RULES } from "./watch-rules.ts";

const heard = "each event that was recorded reaches its function, and none of another stage";

export const WATCH_MISTAKES: {
  what: string;
  file: string;
  find: string | RegExp;
  put: string;
  caughtBy: keyof typeof WATCH_RULES;
  stage?: "production";
}[] = [
  {
    what: "an alarm on stuck jobs that is gone",
    file: "infra/watch.ts",
    find: /alarm\("JobsStuck"[\s\S]*?\n\}\);\n/,
    put: "",
    caughtBy: "somebody hears of whatever must not stay unseen",
  },
  {
    what: "an alarm on failing functions that tells nobody",
    file: "infra/watch.ts",
    find: "    alarmActions: [topic.arn],\n",
    put: "",
    caughtBy: "somebody hears of whatever must not stay unseen",
  },
  {
    what: "an alarm on what has stopped that waits for a number",
    file: "infra/watch.ts",
    find: "          insufficientDataActions: [topic.arn],\n",
    put: "",
    caughtBy: "somebody hears of what has stopped",
  },
  {
    what: "an alarm that looks at another stage",
    file: "infra/watch.ts",
    find: "dimensions: { App: $app.name, Stage: $app.stage }",
    put: 'dimensions: { App: $app.name, Stage: "staging" }',
    caughtBy: "the alarm on stuck jobs looks where reconcile writes",
  },
  {
    what: "an event pattern with the wrong source",
    file: "infra/functions.ts",
    find: 'source: ["aws.ses"]',
    put: 'source: ["aws.email"]',
    caughtBy: heard,
  },
  {
    what: "a rule that hears the mails of every stage",
    file: "infra/functions.ts",
    find: /\n {4}detail: \{ mail: [^\n]*/,
    put: "",
    caughtBy: heard,
  },
  {
    what: "bounces that SES keeps to itself",
    file: "infra/mail.ts",
    find: '"BOUNCE", ',
    put: "",
    caughtBy: "every mail is followed to its end",
  },
  {
    what: "logs that are kept for ever",
    file: "infra/stage.ts",
    find: 'production ? "3 months" : "1 week"',
    put: '"forever"',
    caughtBy: "no log is kept for ever",
  },
  {
    what: "a production that can be removed",
    file: "sst.config.ts",
    find: "protect: production",
    put: "protect: false",
    caughtBy: "production cannot be removed; other stages go whole",
    stage: "production",
  },
  {
    what: "removal: remove in production",
    file: "sst.config.ts",
    find: 'production ? "retain" : "remove"',
    put: '"remove"',
    caughtBy: "production cannot be removed; other stages go whole",
    stage: "production",
  },
];

/**
 * `npm run infra:mutate`: plants one mistake at a time in a copy of the app and shows that the rule that
 * is about it complains. A mistake that no rule notices, or that the program cannot even be evaluated
 * with, ends with 1.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT_RULES } from "./account-rules.ts";
import { actionsFit, grantedAsUsed } from "./calls/granted.ts";
import { ROOT } from "./evaluate.ts";
import { MEDIA_RULES } from "./media-rules.ts";
import { PIPELINE_MISTAKES } from "./pipeline-mistakes.ts";
import { PIPELINE_RULES } from "./pipeline-rules.ts";
import { RULES } from "./rules.ts";
import { evaluatePipeline, evaluateStage, type Stage } from "./stages.ts";
import { WATCH_MISTAKES } from "./watch-mistakes.ts";
import { WATCH_RULES } from "./watch-rules.ts";
import { wiredAlike } from "./wiring.ts";

const CATCHERS = {
  ...RULES,
  ...MEDIA_RULES,
  ...WATCH_RULES,
  ...PIPELINE_RULES,
  "both homes are wired alike": wiredAlike,
  "each function may do what it does, and nothing else": grantedAsUsed,
  "every action is granted on what it can be about": actionsFit,
};

/** Rules that look at one stage, and those that look at both stages of an account. */
interface Mistake {
  what: string;
  file: string;
  find: string | RegExp;
  put: string;
  caughtBy: keyof typeof CATCHERS | keyof typeof ACCOUNT_RULES;
  stage?: Stage | "pipeline";
}

const wildcard = "no action and no resource is a wildcard but the ones with a reason";
const asUsed = "each function may do what it does, and nothing else";
const deadLetters = "whatever a function cannot handle is kept, and it may send it there";

const MISTAKES: Mistake[] = [
  {
    what: "a sender's identity that each stage makes",
    file: "infra/mail.ts",
    find: "await requireSender(sender);",
    put: 'new aws.sesv2.EmailIdentity("Identity", { emailIdentity: sender });',
    caughtBy: "no stage makes what an account has only once",
  },
  {
    what: "a budget that every stage calls the same",
    file: "infra/watch.ts",
    find: /(new aws\.budgets\.Budget\("Cost", \{\s+name:) [^\n]*/,
    put: "$1 $app.name,",
    caughtBy: "no two stages make a resource of the same name",
  },
  {
    what: "roles without the boundary",
    file: "infra/defaults.ts",
    find: "  if (permissionsBoundary) args.permissionsBoundary = permissionsBoundary;\n",
    put: "",
    caughtBy: "every role is held by the boundary, and known by its path",
  },
  {
    what: "alarms that no delivery hears",
    file: "infra/watch.ts",
    find: /name: `.*-.*-.*`,/,
    put: "",
    caughtBy: "a delivery hears every alarm of the stage",
  },
  {
    what: "a pipeline that goes with its stage",
    file: "sst.config.ts",
    find: '    await import("./infra/defaults.ts");\n',
    put: '    await import("./infra/defaults.ts");\n    new aws.codeconnections.Connection("Planted", {});\n',
    caughtBy: "the stage contains nothing of what delivers it",
  },
  {
    what: "an action that is a wildcard",
    file: "infra/permissions.ts",
    find: 'actions: ["mediaconvert:GetJob"]',
    put: 'actions: ["mediaconvert:*"]',
    caughtBy: wildcard,
  },
  {
    what: "a resource that is a wildcard",
    file: "infra/permissions.ts",
    find: 'actions: ["s3:PutObject"],\n    resources: [objects(uploads)]',
    put: 'actions: ["s3:PutObject"],\n    resources: ["*"]',
    caughtBy: wildcard,
  },
  {
    what: "a resource of the site that is a wildcard",
    file: "infra/web.ts",
    find: /resources: \[transcodeChanged\.arn[^\]]*\]/,
    put: 'resources: ["*"]',
    caughtBy: wildcard,
  },
  {
    what: "an action that nobody uses",
    file: "infra/permissions.ts",
    find: '"mediaconvert:GetJob"',
    put: '"mediaconvert:GetJob", "mediaconvert:ListJobs"',
    caughtBy: asUsed,
  },
  {
    what: "an index that a function may read and never does",
    file: "infra/functions.ts",
    find: 'may.lists("owner", "due")',
    put: 'may.lists("owner", "due", "name")',
    caughtBy: asUsed,
  },
  {
    what: "a used action that is gone",
    file: "infra/permissions.ts",
    find: ', "mediaconvert:SearchJobs"',
    put: "",
    caughtBy: asUsed,
  },
  {
    what: "a bucket that cannot say what is missing",
    file: "infra/permissions.ts",
    find: '  { actions: ["s3:ListBucket"], resources: [bucket.arn] },\n',
    put: "",
    caughtBy: asUsed,
  },
  {
    what: "an action on what it cannot be about",
    file: "infra/permissions.ts",
    find: '"mediaconvert:SearchJobs"], resources: [queue.arn]',
    put: '"mediaconvert:SearchJobs"], resources: [queue.arn, jobs]',
    caughtBy: "every action is granted on what it can be about",
  },
  {
    what: "a public bucket",
    file: "infra/storage.ts",
    find: 'new sst.aws.Bucket("Renditions", {',
    put: 'new sst.aws.Bucket("Renditions", { access: "public",',
    caughtBy: "no bucket is public",
  },
  {
    what: "CORS for every page",
    file: "infra/storage.ts",
    find: "allowOrigins: [siteUrl]",
    put: 'allowOrigins: ["*"]',
    caughtBy: "only our own page may send to a bucket",
  },
  {
    what: "a function without its on-failure target",
    file: "infra/functions.ts",
    find: "    onFailure: deadLetters.transcodeChanged,\n",
    put: "",
    caughtBy: deadLetters,
  },
  {
    what: "a function that may not send to its on-failure target",
    file: "infra/function.ts",
    find: 'actions: ["sqs:SendMessage"]',
    put: 'actions: ["sqs:GetQueueUrl"]',
    caughtBy: deadLetters,
  },
  {
    what: "another filter on the stream",
    file: "infra/functions.ts",
    find: '["complete", "error", "rejected"]',
    put: '["complete", "error"]',
    caughtBy: "both homes are wired alike",
  },
  {
    what: "a rule that listens to another service",
    file: "infra/functions.ts",
    find: 'source: ["aws.mediaconvert"]',
    put: 'source: ["aws.elastictranscoder"]',
    caughtBy: "both homes are wired alike",
  },
  {
    what: "an index by another name",
    file: "infra/table.ts",
    find: '"changed", "due"]',
    put: '"changes", "due"]',
    caughtBy: "both homes are wired alike",
  },
  {
    what: "a notification without a suffix",
    file: "infra/storage.ts",
    find: '      filterSuffix: ".mp4",\n',
    put: "",
    caughtBy: "segments start no function",
  },
  {
    what: "a function address that answers everybody",
    file: "infra/web.ts",
    find: 'protection: "oac-with-edge-signing"',
    put: 'protection: "none"',
    caughtBy: "function addresses answer CloudFront alone",
  },
  {
    what: "a site that believes clients about their address",
    file: "infra/edge.ts",
    find: "event.viewer.ip",
    put: "'203.0.113.1'",
    caughtBy: "the app hears from CloudFront, and not from the client, who asks",
  },
  {
    what: "tokens that CloudFront writes over",
    file: "infra/edge.ts",
    find: 'event.request.headers["x-forwarded-authorization"] =',
    put: "event.request.headers.authorization =",
    caughtBy: "the app hears from CloudFront, and not from the client, who asks",
  },
  {
    what: "data of production that goes with its stage",
    file: "infra/table.ts",
    find: "opts.protect = production;",
    put: "opts.retainOnDelete = false;",
    caughtBy: "production's data outlives a mistake; other stages go whole",
    stage: "production",
  },
  {
    what: "a secret as plain text",
    file: "infra/settings.ts",
    find: "    siteUrl,\n",
    put: '    siteUrl,\n    planted: process.env.SST_SECRET_Secret ?? "",\n',
    caughtBy: "no secret stands in clear text",
  },
  {
    what: "a handler that is no file",
    file: "infra/functions.ts",
    find: 'lambda("reconcile"',
    put: 'lambda("reconsile"',
    caughtBy: "every handler is a file",
  },
  {
    what: "a visibility timeout shorter than six of its function's",
    file: "infra/queues.ts",
    find: 'visibilityTimeout = "6 minutes"',
    put: 'visibilityTimeout = "30 seconds"',
    caughtBy: "no message comes back while its function may still be at it",
  },
  {
    what: "renditions for everybody who has their address",
    file: "infra/media.ts",
    find: "  trustedKeyGroups: [trusted.id],\n",
    put: "",
    caughtBy: "renditions are delivered to whoever has a signed address, by https",
  },
  {
    what: "a distribution that reads renditions as nobody",
    file: "infra/media.ts",
    find: "  originAccessControlId: access.id,\n",
    put: "",
    caughtBy: "the distribution says who it is where it reads renditions",
  },
  {
    what: "renditions for every distribution of every account",
    file: "infra/storage.ts",
    find: '            Condition: { StringEquals: { "AWS:SourceArn": distribution } },\n',
    put: "",
    caughtBy: "nobody but the site's distribution reads the bucket of renditions",
  },
  {
    what: "whatever stands in an address going on to S3",
    file: "infra/media.ts",
    find: 'queryStringBehavior: "whitelist",',
    put: 'queryStringBehavior: "all",',
    caughtBy: "of a request for a rendition nothing counts but a download's name",
  },
  {
    what: "the key of delivery as plain text",
    file: "infra/media.ts",
    find: "privateKey: secret.value",
    put: 'privateKey: process.env["SST_SECRET_".concat(name)]',
    caughtBy: "what addresses are signed with is a secret",
  },
  {
    what: "an alarm that is gone",
    file: "infra/watch.ts",
    find: "Object.entries(deadLetters)",
    put: "Object.entries(deadLetters).slice(1)",
    caughtBy: "somebody hears of every dead letter",
  },
];

/** A copy of the app with one mistake in it. @throws when the text to change is not there */
async function planted({ file, find, put }: Mistake): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-mistake-"));
  await cp(join(ROOT, "infra"), join(folder, "infra"), { recursive: true });
  await cp(join(ROOT, "delivery"), join(folder, "delivery"), { recursive: true });
  for (const name of ["sst.config.ts", "package.json"]) {
    await cp(join(ROOT, name), join(folder, name));
  }
  for (const name of ["packages", "docs"]) await symlink(join(ROOT, name), join(folder, name));
  const path = join(folder, file);
  const before = await readFile(path, "utf8");
  const after = before.replace(find, put);
  if (after === before) throw new Error(`${file} does not hold what the mistake would change.`);
  await writeFile(path, after);
  return folder;
}

const isOfAccount = (rule: Mistake["caughtBy"]): rule is keyof typeof ACCOUNT_RULES =>
  rule in ACCOUNT_RULES;

/** Undefined when the rule complains; else what went otherwise. */
async function missed(mistake: Mistake): Promise<string | undefined> {
  const folder = await planted(mistake);
  try {
    const { stage = "staging" } = mistake;
    const graph =
      stage === "pipeline" ? await evaluatePipeline(folder) : await evaluateStage(stage, folder);
    const problems = isOfAccount(mistake.caughtBy)
      ? ACCOUNT_RULES[mistake.caughtBy]([graph, await evaluateStage("production", folder)])
      : CATCHERS[mistake.caughtBy](graph, folder);
    return problems.length > 0 ? undefined : "no rule complains";
  } catch (error) {
    return String(error).slice(0, 400);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `npm run infra:mutate -- WORDS` plants those alone that are told in these words. */
const words = process.argv[2] ?? "";
const chosen = [
  ...MISTAKES,
  ...WATCH_MISTAKES,
  ...PIPELINE_MISTAKES.map((mistake) => ({ ...mistake, stage: "pipeline" as const })),
].filter(({ what, file }) => `${file}: ${what}`.includes(words));

let uncaught = 0;
const waiting = [...chosen];
/** An evaluation waits about half of its time. */
const AT_ONCE = 2;

async function plantNext(): Promise<void> {
  for (let mistake = waiting.shift(); mistake; mistake = waiting.shift()) {
    const problem = await missed(mistake);
    if (problem) uncaught += 1;
    process.stdout.write(
      `  ${problem ? "MISSED" : "caught"}  ${mistake.what}${problem ? `: ${problem}` : ""}\n`,
    );
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, plantNext));
process.stdout.write(`\n${chosen.length - uncaught} of ${chosen.length} caught\n`);
process.exitCode = uncaught > 0 ? 1 : 0;

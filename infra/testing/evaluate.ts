/**
 * Evaluates `sst.config.ts` offline: the app's program and SST's components under Pulumi's mocks, in a separate
 * process, because the program may change the folder and may never settle.
 */
import { fork } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, PLATFORM, ROOT } from "./esbuild.ts";
import type { Graph } from "./graph.ts";

export { ROOT };

const PRELOAD = join(import.meta.dirname, "preload.ts");

/** Ten times as long as on an idle machine. */
const TIMEOUT_MS = 120_000;

/** The program rejected the deployment, failed, or did not finish. */
export class EvaluationError extends Error {}

export interface Options {
  stage: string;
  /** The deployer's environment variables. */
  environment?: Record<string, string>;
  /** Secrets, as `sst secret set` stores them. */
  secrets?: Record<string, string>;
  /** The folder of sst.config.ts and infra/, if it is not this repository: a copy with a planted mistake. */
  source?: string;
}

/** The resources of this stage. Throws an Error with the program's output if it rejects or fails. Takes about 10 s. */
export async function evaluate(options: Options): Promise<Graph> {
  const { stage, source = ROOT } = options;
  const folder = await mkdtemp(join(tmpdir(), "rushes-infra-"));
  try {
    await stubSite(folder);
    const program = join(folder, "program.mjs");
    await writeFile(program, await programOf(source));
    // Node resolves bare imports from the file's folder.
    await symlink(join(PLATFORM, "node_modules"), join(folder, "node_modules"));
    return await run(program, folder, options);
  } catch (error) {
    throw new EvaluationError(`The stage "${stage}" could not be evaluated.\n${String(error)}`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** OpenNext's description of a built site. */
const OPEN_NEXT_OUTPUT = {
  edgeFunctions: {},
  origins: {
    s3: {
      type: "s3",
      originPath: "_assets",
      copy: [{ from: ".open-next/assets", to: "_assets", cached: true, versionedSubDir: "_next" }],
    },
    imageOptimizer: {
      type: "function",
      handler: "index.handler",
      bundle: ".open-next/image-optimization-function",
      streaming: false,
      imageLoader: "s3",
      wrapper: "aws-lambda",
      converter: "aws-apigw-v2",
    },
    default: {
      type: "function",
      handler: "index.handler",
      bundle: ".open-next/server-functions/default",
      streaming: true,
      wrapper: "aws-lambda-streaming",
      converter: "aws-apigw-v2",
      queue: "sqs",
      incrementalCache: "s3",
      tagCache: "dynamodb",
    },
  },
  behaviors: [
    { pattern: "_next/static/*", origin: "s3" },
    { pattern: "*", origin: "default" },
  ],
  additionalProps: { disableIncrementalCache: true, disableTagCache: true },
};

const HANDLER = "export const handler = () => {};";

/** The files of a built site that SST reads, by path. */
const SITE: Record<string, string> = {
  "package.json": JSON.stringify({ name: "@rushes/web", dependencies: { next: "16.4.6" } }),
  ".open-next/open-next.output.json": JSON.stringify(OPEN_NEXT_OUTPUT),
  ".open-next/server-functions/default/index.mjs": HANDLER,
  ".open-next/image-optimization-function/index.mjs": HANDLER,
  ".next/BUILD_ID": "build",
  ".next/prerender-manifest.json": JSON.stringify({
    version: 4,
    routes: {},
    dynamicRoutes: {},
    preview: {},
  }),
  ".next/routes-manifest.json": JSON.stringify({
    version: 3,
    basePath: "",
    staticRoutes: [],
    dynamicRoutes: [],
    dataRoutes: [],
  }),
  ".next/app-path-routes-manifest.json": "{}",
  ".next/app-paths-manifest.json": "{}",
};

/** Writes a project whose site is a stub. */
async function stubSite(folder: string): Promise<void> {
  const web = join(folder, "packages/web");
  for (const empty of [".open-next/assets/_next/static", ".open-next/cache"]) {
    await mkdir(join(web, empty), { recursive: true });
  }
  for (const [path, content] of Object.entries(SITE)) {
    await mkdir(dirname(join(web, path)), { recursive: true });
    await writeFile(join(web, path), content);
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "rushes" }));
  await cp(join(ROOT, "package-lock.json"), join(folder, "package-lock.json"));
  await mkdir(join(folder, ".sst"), { recursive: true });
  await symlink(PLATFORM, join(folder, ".sst/platform"));
}

const programs = new Map<string, Promise<string>>();

/** The bundled program of a source folder. It is the same for every stage, so each process bundles it once. */
function programOf(source: string): Promise<string> {
  const program = programs.get(source) ?? bundled(source);
  programs.set(source, program);
  return program;
}

async function bundled(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-infra-"));
  try {
    return await bundledIn(folder, source);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundledIn(folder: string, source: string): Promise<string> {
  const path = (file: string) => JSON.stringify(file);
  const outfile = join(folder, "program.mjs");
  const platform = (file: string) => join(PLATFORM, "src", file);
  // What the SST command line defines for its components, and the app's settings, as it reads them from app(): only the
  // stage's removal and protection. The components read them when they are loaded, so they exist before that.
  const globals = join(folder, "globals.ts");
  await writeFile(
    globals,
    `import config from ${path(join(source, "sst.config.ts"))};
     const stage = process.env.SST_STAGE;
     const root = process.cwd();
     Object.assign(globalThis, {
       $app: { ...config.app({ stage }), stage },
       $cli: {
         command: "deploy",
         rpc: "",
         paths: { home: root, root, work: root + "/.sst", platform: ${path(PLATFORM)} },
         state: { version: {} },
       },
     });
     export default config;`,
  );
  await build({
    stdin: {
      contents: `
        import config from ${path(globals)};
        import * as sst from ${path(platform("components/index.ts"))};
        import * as aws from "@pulumi/aws";
        Object.assign(globalThis, { sst, aws });
        import { run } from ${path(platform("auto/run.ts"))};
        import { evaluate } from ${path(join(import.meta.dirname, "program.ts"))};
        await evaluate(() => run(config.run), $app);
      `,
      resolveDir: PLATFORM,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    inject: [platform("shim/run.js")],
    define: { $dev: "false" },
    external: [
      "@pulumi/*",
      "@pulumiverse/*",
      "@aws-sdk/*",
      "@smithy/*",
      "esbuild",
      "archiver",
      "glob",
    ],
    // SST's components use CommonJS names. Globals do not clash with local names.
    banner: {
      js: `import { createRequire as rootRequire } from "node:module"; Object.assign(globalThis, { require: rootRequire(${path(join(PLATFORM, "package.json"))}), __dirname: ${path(PLATFORM)}, __filename: ${path(join(PLATFORM, "program.js"))} });`,
    },
    logLevel: "silent",
  });
  return readFile(outfile, "utf8");
}

function run(bundle: string, folder: string, options: Options): Promise<Graph> {
  return new Promise((done, fail) => {
    const child = fork(bundle, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Without source maps, which took a third of the time. Stack traces point into the bundle. They are short,
      // because Pulumi keeps one of each promise.
      execArgv: ["--no-warnings", "--stack-trace-limit=3", "--import", PRELOAD],
      // A clean environment, as for a deployment: only these variables exist.
      env: {
        NODE_ENV: "production",
        NODE_COMPILE_CACHE: join(tmpdir(), "rushes-compile-cache"),
        PATH: process.env.PATH,
        HOME: folder,
        RUSHES_EVALUATION: folder,
        SST_AWS_REGION: "eu-central-1",
        SST_AWS_ACCESS_KEY_ID: "x",
        SST_AWS_SECRET_ACCESS_KEY: "x",
        SST_STAGE: options.stage,
        ...Object.fromEntries(
          Object.entries(options.secrets ?? {}).map(([name, value]) => [
            `SST_SECRET_${name}`,
            value,
          ]),
        ),
        ...options.environment,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: Buffer) => {
        output += text;
      });
    }
    const timeout = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    let graph: Graph | undefined;
    child.on("message", (message) => {
      // program.ts sends nothing else.
      graph = message as Graph;
    });
    child.once("error", fail);
    child.once("close", () => {
      clearTimeout(timeout);
      if (graph) done(graph);
      else fail(new Error(output.trim() || "The program did not settle."));
    });
  });
}

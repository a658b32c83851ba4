/** Answers the four calls that SST's components make to the SST command line. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

/** Handlers that SST would bundle, by the function's logical ID. */
export const handlers: Record<string, string> = {};
const bundling: Record<string, { properties: unknown; map: string }> = {};

const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
  "Provider.Aws.Bootstrap": () => ({
    asset: "sst-asset",
    state: "sst-state",
    assetEcrRegistryId: "123456789012",
    assetEcrUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/sst-asset",
    appsyncHttp: "appsync",
    appsyncRealtime: "appsync",
  }),
  "Provider.Aws.Appsync": () => ({ http: "appsync", realtime: "appsync" }),
  "Runtime.AddTarget": () => ({}),
  "Runtime.Build": (args) => {
    const id = String(args.functionID);
    handlers[id] = String(args.handler);
    const out = join(process.env.RUSHES_EVALUATION ?? "", "bundles", id);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "bundle.mjs"), "export const handler = () => {};\n");
    const map = join(out, "bundle.mjs.map");
    writeFileSync(map, JSON.stringify({ sources: ["bundle.ts"], sourcesContent: ["Secret"] }));
    bundling[id] = { properties: args.properties, map };
    return { handler: "bundle.handler", out, errors: [], sourcemaps: [] };
  },
};

/** How SST would bundle each one, and the result for its source map. */
export const bundled = (): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(bundling).map(([id, { properties, map }]) => [
      id,
      { ...Object(properties), slimMaps: !readFileSync(map, "utf8").includes("sourcesContent") },
    ]),
  );

/** Listens on 127.0.0.1 and sets SST_SERVER to the URL. */
export async function startCli(): Promise<void> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, params } = JSON.parse(body);
    const answer = answers[method];
    const result = answer ? { result: answer(params[0]) } : { error: `rpc: can't find ${method}` };
    response.end(JSON.stringify(result));
  });
  server.unref();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  process.env.SST_SERVER = `http://127.0.0.1:${address.port}`;
}

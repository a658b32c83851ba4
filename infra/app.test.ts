import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { evaluate, ROOT } from "./testing/evaluate.ts";
import type { Graph } from "./testing/graph.ts";
import { namesOf } from "./testing/names.ts";
import { ACCOUNT } from "./testing/rules/account.ts";
import { RULES } from "./testing/rules/index.ts";
import { ENVIRONMENT, evaluateStage, SECRETS, STAGES, type Stage } from "./testing/stages.ts";

const graphs = new Map<Stage, Promise<Graph>>();
/** Evaluated by the first test that asks: a stage that cannot be fails its own tests, and skips none. */
function graph(stage: Stage): Promise<Graph> {
  const known = graphs.get(stage) ?? evaluateStage(stage);
  graphs.set(stage, known);
  return known;
}

// Any test may be the first to ask.
vi.setConfig({ testTimeout: 120_000 });

describe.each(STAGES)("the stage %s", (stage) => {
  test.each(Object.entries(RULES))("keeps the rule: %s", async (_, { rule }) => {
    expect(rule(await graph(stage), ROOT)).toEqual([]);
  });
});

describe("the stages of one account", () => {
  test.each(Object.entries(ACCOUNT))("keep the rule: %s", async (_, { rule }) => {
    expect(rule(await Promise.all(STAGES.map(graph)))).toEqual([]);
  });

  test("are told apart from two that would make the same resource", async () => {
    const { rule } = ACCOUNT["no two stages create a resource of the same name"];
    const stages = (await Promise.all(STAGES.map(graph))).map((stage) => ({
      ...stage,
      resources: [
        {
          ...{ type: "aws:sns/topic:Topic", name: "Planted", inputs: { name: "rushes-alarms" } },
          ...{ parent: "", protect: false, retainOnDelete: false },
        },
      ],
    }));
    expect(rule(stages)).toEqual([
      "production and staging both create aws:sns/topic:Topic rushes-alarms: only the first can be deployed.",
    ]);
  });
});

test("keeps the name of every resource, so that no deployment replaces one", async () => {
  // After an intended change: npm run infra:test -- -u
  await expect(namesOf(await graph("production"))).toMatchFileSnapshot("names.txt");
});

test("the pages for deployers name every secret, with what sets it", async () => {
  const { resources } = await graph("production");
  const secrets = resources.filter(({ type }) => type === "sst:sst:Secret").map(({ name }) => name);
  // Only with a provider of the deployer's own.
  secrets.push("OidcClientSecret");
  expect(secrets).toContain("MediaKey1");
  for (const page of ["docs/deploy.md", "docs/pipeline.md"]) {
    const text = readFileSync(join(ROOT, page), "utf8");
    // The second key of delivery comes with its exchange alone.
    const missing = secrets.filter((name) => !text.includes(`sst secret set ${name} `));
    expect(missing, page).toEqual([]);
  }
});

test("while one key of delivery replaces the other both are trusted, and the first named signs", async () => {
  const environment = { ...ENVIRONMENT, RUSHES_MEDIA_KEYS: "2,1" };
  const secrets = { ...SECRETS, MediaKey2: SECRETS.MediaKey1 };
  const { resources } = await evaluate({ stage: "development", environment, secrets });
  const inputs = (name: string) => resources.find((one) => one.name === name)?.inputs;
  expect(inputs("MediaKeys")?.items).toEqual(["MediaKey2", "MediaKey1"]);
  expect(inputs("MediaLinkRef")).toMatchObject({
    properties: { secret: { keyPairId: "MediaKey2" } },
  });
}, 120_000);

test("sources end when the deployer says so, and renditions never do", async () => {
  const environment = { ...ENVIRONMENT, RUSHES_SOURCE_EXPIRES_DAYS: "30" };
  const graph = await evaluate({ stage: "development", environment, secrets: SECRETS });
  const rules = (name: string) =>
    JSON.stringify(graph.resources.find((one) => one.name === `${name}Lifecycle`)?.inputs.rules);
  expect(rules("Uploads")).toContain('"expiration":{"days":30}');
  expect(rules("Renditions")).not.toContain("expiration");
}, 120_000);

describe("the command line", () => {
  const app = async (stage: string) => {
    // SST defines it for its configuration alone.
    Object.assign(globalThis, { $config: (config: unknown) => config });
    const { default: config } = await import("../sst.config.ts");
    return config.app({ stage });
  };

  test("refuses to remove production, and keeps its data whatever happens", async () => {
    expect(await app("production")).toMatchObject({ protect: true, removal: "retain" });
  });

  test("removes every other stage wholly", async () => {
    expect(await app("trial")).toMatchObject({ protect: false, removal: "remove" });
  });
});

describe("a stage refuses to deploy, and says what is missing,", () => {
  const refusal = (options: { environment?: object; secrets?: object }) =>
    evaluate({
      stage: "development",
      environment: { ...ENVIRONMENT, ...options.environment },
      secrets: { ...SECRETS, ...options.secrets },
    }).then(
      () => "It was deployed.",
      (error: Error) => error.message,
    );

  test("without the name that it is served under", async () => {
    expect(await refusal({ environment: { RUSHES_DOMAIN: "" } })).toContain(
      "Set RUSHES_DOMAIN before you deploy: the name under which this stage is served.",
    );
  }, 120_000);

  test("with a sender that SES does not know", async () => {
    expect(await refusal({ environment: { RUSHES_SENDER: "video@elsewhere.example" } })).toContain(
      "SES does not know video@elsewhere.example",
    );
  }, 120_000);

  test("without the secret that all keys come from", async () => {
    expect(await refusal({ secrets: { Secret: undefined } })).toContain("Set a value for Secret");
  }, 120_000);

  test("without the key that addresses of renditions are signed with, or with none that is one", async () => {
    expect(await refusal({ secrets: { MediaKey1: undefined } })).toContain(
      "Set a value for MediaKey1",
    );
    const said = await refusal({ secrets: { MediaKey1: "a key of mine" } });
    expect(said).toContain("The secret MediaKey1 is no private RSA key of 2048 bits");
    expect(said).not.toContain("a key of mine");
  }, 120_000);

  test("with a provider of its own but no client", async () => {
    const environment = { RUSHES_OIDC_ISSUER: "https://id.example.com" };
    expect(await refusal({ environment })).toContain("Set RUSHES_OIDC_CLIENT_ID before you deploy");
  }, 120_000);
});

// The module that reads them, without the rest of the app: the test above shows that it stops a deployment.
describe("a setting that is missing or wrong is a sentence:", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubGlobal("$app", { name: "rushes", stage: "trial" });
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  test.each([
    ["RUSHES_DOMAIN", "", "Set RUSHES_DOMAIN before you deploy: the name under which"],
    ["RUSHES_SENDER", "", "Set RUSHES_SENDER before you deploy: the address that mails"],
    ["RUSHES_OPERATOR", "", "Set RUSHES_OPERATOR before you deploy: the address that alarms"],
    ["RUSHES_SENDER", "example.com", "RUSHES_SENDER is no mail address"],
    ["RUSHES_MONTHLY_BUDGET", "a lot", "RUSHES_MONTHLY_BUDGET is no amount"],
    ["RUSHES_MEDIA_KEYS", "3", "RUSHES_MEDIA_KEYS names no keys"],
  ])("%s is “%s”", async (name, value, sentence) => {
    vi.stubEnv(name, value);
    await expect(import("./stage.ts")).rejects.toThrow(sentence);
  });
});

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
/** The first test that needs a stage evaluates it. If that fails, the tests of this stage fail, and none is skipped. */
function graph(stage: Stage): Promise<Graph> {
  const known = graphs.get(stage) ?? evaluateStage(stage);
  graphs.set(stage, known);
  return known;
}

// Each test can be the first that evaluates.
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

  test("report two stages that create the same resource", async () => {
    const { rule } = ACCOUNT["no two stages create a resource of the same name"];
    const stages = (await Promise.all(STAGES.map(graph))).map((stage) => ({
      ...stage,
      resources: [
        {
          type: "aws:sns/topic:Topic",
          name: "Planted",
          inputs: { name: "rushes-alarms" },
          parent: "",
          protect: false,
          retainOnDelete: false,
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

test("documents the command that sets each secret", async () => {
  const { resources } = await graph("production");
  const secrets = resources.filter(({ type }) => type === "sst:sst:Secret").map(({ name }) => name);
  // It exists only with the deployer's own identity provider.
  secrets.push("OidcClientSecret");
  expect(secrets).toContain("MediaKey1");
  for (const page of ["docs/deploy.md", "docs/pipeline.md"]) {
    const text = readFileSync(join(ROOT, page), "utf8");
    // The second delivery key exists only while one key replaces the other.
    const missing = secrets.filter((name) => !text.includes(`sst secret set ${name} `));
    expect(missing, page).toEqual([]);
  }
});

describe("with optional settings", () => {
  let evaluated: Promise<Graph> | undefined;
  const graph = () => {
    evaluated ??= evaluate({
      stage: "development",
      environment: { ...ENVIRONMENT, RUSHES_MEDIA_KEYS: "2,1", RUSHES_SOURCE_EXPIRES_DAYS: "30" },
      secrets: { ...SECRETS, MediaKey2: SECRETS.MediaKey1 },
    });
    return evaluated;
  };

  test("trusts both delivery keys during a rotation, and signs with the first", async () => {
    const { resources } = await graph();
    const inputs = (name: string) => resources.find((one) => one.name === name)?.inputs;
    expect(inputs("MediaKeys")?.items).toEqual(["MediaKey2", "MediaKey1"]);
    expect(inputs("MediaLinkRef")).toMatchObject({
      properties: { secret: { keyPairId: "MediaKey2" } },
    });
  });

  test("expires sources only if the deployer sets it, and renditions never", async () => {
    const { resources } = await graph();
    const rules = (name: string) =>
      JSON.stringify(resources.find((one) => one.name === `${name}Lifecycle`)?.inputs.rules);
    expect(rules("Uploads")).toContain('"expiration":{"days":30}');
    expect(rules("Renditions")).not.toContain("expiration");
  });
});

describe("sst remove", () => {
  const app = async (stage: string) => {
    // SST defines this global for its configuration.
    Object.assign(globalThis, { $config: (config: unknown) => config });
    const { default: config } = await import("../sst.config.ts");
    return config.app({ stage });
  };

  test("is blocked for production, which keeps its data", async () => {
    expect(await app("production")).toMatchObject({ protect: true, removal: "retain" });
  });

  test("removes every other stage completely", async () => {
    expect(await app("trial")).toMatchObject({ protect: false, removal: "remove" });
  });
});

describe("a deployment stops and names the problem", () => {
  const errorOf = (options: { environment?: object; secrets?: object }) =>
    evaluate({
      stage: "development",
      environment: { ...ENVIRONMENT, ...options.environment },
      secrets: { ...SECRETS, ...options.secrets },
    }).then(
      () => "It was deployed.",
      (error: Error) => error.message,
    );

  test("without a domain", async () => {
    expect(await errorOf({ environment: { RUSHES_DOMAIN: "" } })).toContain(
      "Set RUSHES_DOMAIN before you deploy: the domain of this stage.",
    );
  }, 120_000);

  test("with a sender that SES has not verified", async () => {
    expect(await errorOf({ environment: { RUSHES_SENDER: "video@elsewhere.example" } })).toContain(
      "SES does not know video@elsewhere.example",
    );
  }, 120_000);

  test("without the secret that every key is derived from", async () => {
    expect(await errorOf({ secrets: { Secret: undefined } })).toContain("Set a value for Secret");
  }, 120_000);

  test("without a valid delivery key, and does not print the invalid one", async () => {
    expect(await errorOf({ secrets: { MediaKey1: undefined } })).toContain(
      "Set a value for MediaKey1",
    );
    const said = await errorOf({ secrets: { MediaKey1: "an invalid key" } });
    expect(said).toContain("The secret MediaKey1 is not a private RSA key of 2048 bits");
    expect(said).not.toContain("an invalid key");
  }, 120_000);

  test("with an identity provider but no client", async () => {
    const environment = { RUSHES_OIDC_ISSUER: "https://id.example.com" };
    expect(await errorOf({ environment })).toContain("Set RUSHES_OIDC_CLIENT_ID before you deploy");
  }, 120_000);
});

// Imports only the module that reads the settings. The tests above show that its errors stop a deployment.
describe("a setting that is missing or wrong", () => {
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
    ["RUSHES_DOMAIN", "", "Set RUSHES_DOMAIN before you deploy: the domain of this stage"],
    ["RUSHES_SENDER", "", "Set RUSHES_SENDER before you deploy: the address that Rushes"],
    [
      "RUSHES_OPERATOR",
      "",
      "Set RUSHES_OPERATOR before you deploy: the address that receives alarms",
    ],
    ["RUSHES_SENDER", "example.com", "RUSHES_SENDER is not a mail address"],
    ["RUSHES_MONTHLY_BUDGET", "a lot", "RUSHES_MONTHLY_BUDGET is not an amount"],
    ["RUSHES_MEDIA_KEYS", "3", "RUSHES_MEDIA_KEYS is not a list of keys"],
    ["RUSHES_MAX_SIZE_BYTES", "10 GB", "RUSHES_MAX_SIZE_BYTES is not a whole number from 1"],
    ["RUSHES_MAX_OPEN_UPLOADS", "0", "RUSHES_MAX_OPEN_UPLOADS is not a whole number from 1"],
    ["RUSHES_MAX_OWNER_BYTES", "-1", "RUSHES_MAX_OWNER_BYTES is not a whole number from 0"],
    ["RUSHES_SOURCE_EXPIRES_DAYS", "a year", "RUSHES_SOURCE_EXPIRES_DAYS is not a whole number"],
  ])("stops the deployment: %s is “%s”", async (name, value, message) => {
    vi.stubEnv(name, value);
    await expect(import("./stage.ts")).rejects.toThrow(message);
  });
});

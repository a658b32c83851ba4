import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { wiring } from "../packages/local/wiring.ts";
import { ACCOUNT_RULES } from "./testing/account-rules.ts";
import { actionsFit, grantedAsUsed } from "./testing/calls/granted.ts";
import { evaluate, ROOT } from "./testing/evaluate.ts";
import type { Graph } from "./testing/graph.ts";
import { MEDIA_RULES } from "./testing/media-rules.ts";
import { RULES } from "./testing/rules.ts";
import { ENVIRONMENT, evaluateStage, SECRETS, STAGES } from "./testing/stages.ts";
import { WATCH_RULES } from "./testing/watch-rules.ts";
import { alike, wiredAlike } from "./testing/wiring.ts";

const KEPT = Object.entries({ ...RULES, ...MEDIA_RULES, ...WATCH_RULES });

const graphs = new Map<string, Graph>();
const graph = (stage: string): Graph => {
  const found = graphs.get(stage);
  if (!found) throw new Error(`The stage ${stage} was not evaluated.`);
  return found;
};

beforeAll(async () => {
  for (const stage of STAGES) graphs.set(stage, await evaluateStage(stage));
}, 240_000);

describe.each(STAGES)("the stage %s", (stage) => {
  test.each(KEPT)("keeps: %s", (_, rule) => {
    expect(rule(graph(stage), ROOT)).toEqual([]);
  });

  test("lets each function do what it was seen to do, and nothing else", () => {
    expect(grantedAsUsed(graph(stage), ROOT)).toEqual([]);
  });

  test("grants every action on what it can be about", () => {
    expect(actionsFit(graph(stage), ROOT)).toEqual([]);
  });

  test("is wired as the one-machine home is", () => {
    expect(wiredAlike(graph(stage), ROOT)).toEqual([]);
  });

  test("is told from a one-machine home that is wired otherwise, and says where", () => {
    const renamed = structuredClone(wiring);
    for (const table of renamed.tables) {
      for (const index of table.indexes) if (index.name === "status") index.name = "state";
    }
    const slower = structuredClone(wiring);
    for (const schedule of slower.schedules) schedule.everySeconds *= 2;
    expect(alike(renamed)(graph(stage), ROOT)).toEqual([
      expect.stringMatching(/^index state: .* nothing on AWS\.$/),
      expect.stringMatching(/^index status: nothing on one machine, /),
    ]);
    expect(alike(slower)(graph(stage), ROOT)).toEqual([
      expect.stringMatching(/^schedule reconcile: .*120.* on one machine, .*60/),
    ]);
  });
});

describe("the stages of one account", () => {
  test.each(Object.entries(ACCOUNT_RULES))("keep: %s", (_, rule) => {
    expect(rule(STAGES.map(graph))).toEqual([]);
  });

  test("are told apart from two that would make the same resource", () => {
    const [rule] = [ACCOUNT_RULES["no two stages make a resource of the same name"]];
    const stages = STAGES.map((stage) => ({
      ...graph(stage),
      resources: [
        {
          ...{ type: "aws:sns/topic:Topic", name: "Planted", inputs: { name: "rushes-alarms" } },
          ...{ parent: "", protect: false, retainOnDelete: false },
        },
      ],
    }));
    expect(rule(stages)).toEqual([
      "production and staging both make aws:sns/topic:Topic rushes-alarms: only the first can be deployed.",
    ]);
  });
});

test("the pages for deployers name every secret, with what sets it", () => {
  const secrets = graph("production")
    .resources.filter(({ type }) => type === "sst:sst:Secret")
    .map(({ name }) => name);
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

  test.each([
    ["RUSHES_DOMAIN", "the name under which this stage is served"],
    ["RUSHES_SENDER", "the address that mails come from"],
    ["RUSHES_OPERATOR", "the address that alarms are mailed to"],
  ])(
    "without %s",
    async (name, meaning) => {
      expect(await refusal({ environment: { [name]: "" } })).toContain(
        `Set ${name} before you deploy: ${meaning}.`,
      );
    },
    120_000,
  );

  test.each([
    ["RUSHES_SENDER", "example.com", "RUSHES_SENDER is no mail address"],
    ["RUSHES_SENDER", "video@elsewhere.example", "SES does not know video@elsewhere.example"],
    ["RUSHES_MONTHLY_BUDGET", "a lot", "RUSHES_MONTHLY_BUDGET is no amount"],
    ["RUSHES_MEDIA_KEYS", "3", "RUSHES_MEDIA_KEYS names no keys"],
  ])(
    "with a %s that is none",
    async (name, value, sentence) => {
      expect(await refusal({ environment: { [name]: value } })).toContain(sentence);
    },
    120_000,
  );

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

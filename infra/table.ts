import { production } from "./stage.ts";

const index = (name: string) => ({ hashKey: `${name}Pk`, rangeKey: `${name}Sk` });
const INDEXES = ["owner", "status", "name", "changed", "due"];

/** Everything that Rushes knows, in one table; core/table.ts says what its keys mean. */
export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(
    ["pk", "sk", ...INDEXES.flatMap((name) => [`${name}Pk`, `${name}Sk`])].map((name) => [
      name,
      "string" as const,
    ]),
  ),
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
  globalIndexes: Object.fromEntries(INDEXES.map((name) => [name, index(name)])),
  ttl: "ttl",
  stream: "new-image",
  deletionProtection: production,
  transform: {
    table: (args, opts) => {
      args.pointInTimeRecovery = { enabled: true };
      opts.protect = production;
    },
  },
});

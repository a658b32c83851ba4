/** The only table. `packages/core/wiring.ts` has its keys, and core's table module explains them. */
import { wiring } from "../packages/core/wiring.ts";
import { production } from "./stage.ts";

const [{ hashKey, rangeKey, indexes, ttl }] = wiring.tables;
const keys = [{ hashKey, rangeKey }, ...indexes].flatMap((index) => [
  index.hashKey,
  index.rangeKey,
]);

export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(keys.map((key) => [key, "string" as const])),
  primaryIndex: { hashKey, rangeKey },
  globalIndexes: Object.fromEntries(
    indexes.map((index) => [index.name, { hashKey: index.hashKey, rangeKey: index.rangeKey }]),
  ),
  ttl,
  stream: "new-image",
  deletionProtection: production,
  transform: {
    table: (args, opts) => {
      args.pointInTimeRecovery = { enabled: true };
      opts.protect = production;
    },
  },
});

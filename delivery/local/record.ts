/** Writes the record of a delivery into the table that the environment is linked to. */
import { withActor } from "@rushes/core/actor";
import * as Deployment from "@rushes/core/deployment/index";

const record = Deployment.New.parse(JSON.parse(process.argv[2] ?? "{}"));
await withActor({ type: "system" }, () => Deployment.record(record));

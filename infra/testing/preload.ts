/**
 * Loaded before the program of evaluate.ts. Pulumi loads npm's dependency resolver to find the packages of a function that
 * it serializes. program.ts serializes none, and loading it takes an eighth of the time of an evaluation.
 */
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { PLATFORM } from "./esbuild.ts";

const platform = createRequire(join(PLATFORM, "package.json"));
const pulumi = createRequire(platform.resolve("@pulumi/pulumi"));
const resolver = pulumi.resolve("@npmcli/arborist");
pulumi.cache[resolver] = new Module(resolver);

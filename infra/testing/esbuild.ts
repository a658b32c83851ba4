/** The esbuild in SST's platform. */
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
export const PLATFORM = join(ROOT, ".sst/platform");

/** The part that is used here. Its types exist only after the platform is unpacked. */
interface Esbuild {
  build(options: object): Promise<{
    metafile: { inputs: Record<string, object>; outputs: Record<string, object> };
  }>;
}

export const build: Esbuild["build"] = (options) => {
  const esbuild: Esbuild = createRequire(join(PLATFORM, "package.json"))("esbuild");
  return esbuild.build(options);
};

import { link } from "./functions.ts";
import * as may from "./permissions.ts";
import { domain, logRetention, tags } from "./stage.ts";

/** The Next.js app behind CloudFront; its functions answer nobody else. */
export const web = new sst.aws.Nextjs("Web", {
  path: "packages/web",
  domain,
  openNextVersion: "4.1.12",
  // Function addresses are public otherwise; bodies are signed at the edge so that every client works.
  protection: "oac-with-edge-signing",
  link,
  permissions: [
    ...[may.rows, may.lists, may.readSources, may.receiveSources, may.removeSources],
    ...[may.readRenditions, ...may.removeRenditions],
    ...[may.probe, ...may.submit, ...may.followJobs],
  ],
  server: { architecture: "arm64", runtime: "nodejs24.x", memory: "1024 MB" },
  transform: {
    server: (args) => {
      args.logging = { retention: logRetention, format: "json" };
    },
    cdn: (args) => {
      args.transform = {
        distribution: (distribution) => {
          distribution.tags = tags;
        },
      };
    },
  },
});

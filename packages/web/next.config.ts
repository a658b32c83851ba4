import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default {
  output: "standalone",
  // The workspace's root, so that the standalone server holds what it needs of the other packages.
  outputFileTracingRoot: root,
  // Sizes of fonts that next/font would look up at a build; the server never reads them.
  outputFileTracingExcludes: {
    "*": ["../../node_modules/next/dist/server/capsize-font-metrics.json"],
  },
  turbopack: { root },
  transpilePackages: ["@rushes/core"],
  poweredByHeader: false,
  // Our pictures come from the buckets as they are: nobody needs a server that scales any.
  images: { unoptimized: true },
  // The pages' headers are proxy.ts's, which these files do not pass.
  headers: async () => [
    {
      source: "/_next/static/:path*",
      headers: [{ key: "x-content-type-options", value: "nosniff" }],
    },
  ],
} satisfies NextConfig;

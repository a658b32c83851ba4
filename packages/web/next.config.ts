import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default {
  output: "standalone",
  // The workspace's root, so that the standalone server includes its dependencies from the other packages.
  outputFileTracingRoot: root,
  // What the server never reads: font sizes for a build, and the code of modes of Next that are not in use.
  outputFileTracingExcludes: {
    "*": [
      "server/capsize-font-metrics.json",
      "compiled/next-server/app-page-turbo-experimental.runtime.prod.js",
      "compiled/edge-runtime/**",
      "compiled/@edge-runtime/**",
    ].map((path) => `../../node_modules/next/dist/${path}`),
  },
  turbopack: { root },
  // Writing the cache takes longer than compiling without it, and most builds are the first of their folder.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // `npm test` checks the types, also those of the routes (tsconfig.built.json).
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@rushes/core"],
  compiler: {
    // Imported here, because a running server reads this file too.
    runAfterProductionCompile: async ({ distDir }) =>
      (await import("./build/eager-modules.ts")).makeModulesEager(distDir),
  },
  // Like S3's client, which Next does not bundle either. Few requests use them, and with their modules there are so many
  // that every module's id has one digit more, in each script of every page.
  serverExternalPackages: ["@aws-sdk/client-lambda", "@aws-sdk/client-sqs"],
  poweredByHeader: false,
  // Every program that previews a link gets the metadata in the head. None of it takes long.
  htmlLimitedBots: /.*/,
  // Images come from the buckets unchanged, so no server needs to scale them.
  images: { unoptimized: true },
  // proxy.ts sets the headers of pages, but these files do not pass through it.
  headers: async () => [
    {
      source: "/_next/static/:path*",
      headers: [{ key: "x-content-type-options", value: "nosniff" }],
    },
  ],
} satisfies NextConfig;

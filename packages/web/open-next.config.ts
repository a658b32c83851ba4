/** How OpenNext builds this app into Lambda functions. SST reads its output. Its types are not installed here. */
export default {
  default: {
    override: {
      wrapper: "aws-lambda-streaming",
      // No page is cached between requests, so OpenNext needs no cache on AWS.
      incrementalCache: "dummy",
      tagCache: "dummy",
      queue: "dummy",
    },
  },
  // No page uses next/image, so its function is not deployed and needs no sharp.
  imageOptimization: { install: false },
  dangerous: { disableIncrementalCache: true, disableTagCache: true },
  // `npm run infra:build` has built the app already.
  buildCommand: process.env.RUSHES_WEB_IS_BUILT === "1" ? "node --version" : "npm run build",
};

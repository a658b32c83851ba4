/** How OpenNext makes Lambda functions of this app; SST reads what comes out. Its types are not here. */
export default {
  default: {
    override: {
      wrapper: "aws-lambda-streaming",
      // No page is kept between requests, so that nothing of AWS is asked for one.
      incrementalCache: "dummy",
      tagCache: "dummy",
      queue: "dummy",
    },
  },
  // No page uses next/image: the function that scales pictures is not deployed, and needs no sharp.
  imageOptimization: { install: false },
  dangerous: { disableIncrementalCache: true, disableTagCache: true },
  // `npm run infra:build` has built the app already.
  buildCommand: process.env.RUSHES_WEB_IS_BUILT === "1" ? "node --version" : "npm run build",
};

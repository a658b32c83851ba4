/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "rushes",
      home: "aws",
      removal: input?.stage === "production" ? "retain" : "remove",
      protect: input?.stage === "production",
    };
  },
  async run() {
    throw new Error(
      "Rushes cannot be deployed to AWS yet; run it on one machine with npm start until it can.",
    );
  },
});

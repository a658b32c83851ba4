/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input.stage === "production";
    return {
      name: "rushes",
      home: "aws",
      removal: production ? "retain" : "remove",
      protect: production,
      providers: { aws: { version: "7.20.0" } },
    };
  },
  async run() {
    // The pipeline has a stage of its own, and outlives what it deploys.
    if ($app.stage === "pipeline")
      return (await import("./delivery/codepipeline/index.ts")).outputs;
    await import("./infra/defaults.ts");
    const { table } = await import("./infra/table.ts");
    const { uploads, renditions } = await import("./infra/storage.ts");
    await import("./infra/functions.ts");
    const { web } = await import("./infra/web.ts");
    await import("./infra/watch.ts");
    await import("./infra/record.ts");
    return { url: web.url, table: table.name, uploads: uploads.name, renditions: renditions.name };
  },
});

/** The deployed version. The footer, `/api/health` and the record of deliveries show it. */
import manifest from "../package.json" with { type: "json" };

export const release = new sst.Linkable("Release", {
  properties: {
    version: process.env.RUSHES_VERSION || manifest.version,
    // A delivery sets it. A manual deployment can set it too.
    commit: process.env.RUSHES_COMMIT || "unknown",
    time: process.env.RUSHES_TIME || new Date().toISOString(),
  },
});

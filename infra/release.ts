/** What this deployment is: the footer, `/api/health` and the record of deliveries tell it. */
import manifest from "../package.json" with { type: "json" };

export const release = new sst.Linkable("Release", {
  properties: {
    version: process.env.RUSHES_VERSION || manifest.version,
    // A delivery names it; who deploys by hand may, too.
    commit: process.env.RUSHES_COMMIT || "unknown",
    time: process.env.RUSHES_TIME || new Date().toISOString(),
  },
});

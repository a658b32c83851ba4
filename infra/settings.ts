import { profileMistakes } from "../packages/core/rendition/custom-profile.ts";
import { ownersMistakes } from "../packages/core/source/import-owners.ts";
import { limits, operator, siteUrl } from "./stage.ts";

const { RUSHES_PROFILE: profile = "web", RUSHES_PROFILES: profiles = "{}" } = process.env;
const importOwners = process.env.RUSHES_IMPORT_OWNERS ?? "{}";
const mistakes = [...profileMistakes(profile, profiles), ...ownersMistakes(importOwners)];
if (mistakes.length > 0) throw new Error(mistakes.join("\n"));

/** Limits and names that are not resources. The local stack has them as settings. */
export const settings = new sst.Linkable("Settings", {
  properties: {
    // The owner of objects that other tools put into the uploads bucket. Admins can see them.
    defaultOwnerId: "local",
    defaultOwnerEmail: operator,
    siteUrl,
    ...limits,
    profile,
    profiles,
    importPrefixes: process.env.RUSHES_IMPORT_PREFIXES ?? "",
    importSuffixes: process.env.RUSHES_IMPORT_SUFFIXES ?? "",
    importOwners,
  },
});

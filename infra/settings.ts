import { profileMistakes } from "../packages/core/rendition/custom-profile.ts";
import { ownersMistakes } from "../packages/core/source/import-owners.ts";
import { SOURCE_LIMITS } from "../packages/core/source-limits.ts";
import { operator, siteUrl } from "./stage.ts";

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
    maxSizeBytes: process.env.RUSHES_MAX_SIZE_BYTES ?? 107_374_182_400,
    maxDurationSeconds: process.env.RUSHES_MAX_DURATION_SECONDS ?? 43_200,
    maxFramePixels: process.env.RUSHES_MAX_FRAME_PIXELS ?? SOURCE_LIMITS.maxFramePixels,
    maxJobFrames: process.env.RUSHES_MAX_JOB_FRAMES ?? SOURCE_LIMITS.maxJobFrames,
    minBytesPerSecond: process.env.RUSHES_MIN_BYTES_PER_SECOND ?? SOURCE_LIMITS.minBytesPerSecond,
    uploadExpiresSeconds: process.env.RUSHES_UPLOAD_EXPIRES_SECONDS ?? 604_800,
    maxOpenUploads: process.env.RUSHES_MAX_OPEN_UPLOADS ?? 1000,
    profile,
    profiles,
    importPrefixes: process.env.RUSHES_IMPORT_PREFIXES ?? "",
    importSuffixes: process.env.RUSHES_IMPORT_SUFFIXES ?? "",
    importOwners,
    maxOwnerBytes: process.env.RUSHES_MAX_OWNER_BYTES ?? 0,
  },
});

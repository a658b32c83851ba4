/** The profiles of this instance: the ones that exist everywhere, and those of the settings. */
import * as Actor from "./actor.ts";
import { VisibleError } from "./error.ts";
import { definedProfiles } from "./rendition/custom-profile.ts";
import { PROFILES, type Profile } from "./rendition/profile.ts";
import { resource } from "./resource.ts";

let found: { json: string; all: Profile[] } | undefined;

/** Every profile, in the order in which people choose. The settings are validated before anything starts. */
function all(): Profile[] {
  const json = resource().Settings.profiles;
  if (found?.json !== json) {
    found = { json, all: [...Object.values(PROFILES), ...definedProfiles(json).profiles] };
  }
  return found.all;
}

/** The name of the profile for sources for which nobody chooses one. */
export const defaultName = () => resource().Settings.profile;

/** The profiles from which the caller can choose, and the name of the default one. */
export function list(): { profiles: Profile[]; name: string } {
  Actor.owner("upload");
  return { profiles: all(), name: defaultName() };
}

/** The profile with this name. A name that the settings no longer have gets the default profile. */
export function find(name: string): Profile {
  const named = (wanted: string) => all().find((profile) => profile.name === wanted);
  return named(name) ?? named(defaultName()) ?? PROFILES.original;
}

/** Why a request cannot have this profile. Undefined if it can. */
export function problem(name: string | undefined) {
  if (name === undefined || all().some((profile) => profile.name === name)) return undefined;
  const names = all().map((profile) => profile.name);
  return {
    code: "profile.unknown" as const,
    message: `There is no profile "${name}". Choose one of: ${names.join(", ")}.`,
  };
}

/** Throws `profile.unknown`. */
export function assertKnown(name: string | undefined): void {
  const found = problem(name);
  if (found) throw new VisibleError("input", found.code, found.message);
}

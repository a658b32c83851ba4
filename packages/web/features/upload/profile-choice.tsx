import { get } from "../../api/page.ts";
import { PROFILE_FIELD } from "../profile/profile-field.ts";
import { ProfileRadios, type Profiles } from "../profile/profile-radios.tsx";

/**
 * The choice of what is made of the files. The server renders it, and the engine reads it when files are added, so that
 * it needs no code of the page. Nothing for people who may not upload.
 */
export async function ProfileChoice() {
  const response = await get("/profiles");
  if (!response.ok) return null;
  // The API's tests verify its type.
  const list: Profiles = await response.json();
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded-sm py-1 text-muted hover:text-ink">
        What Rushes makes of your videos
      </summary>
      <ProfileRadios field={PROFILE_FIELD} list={list} checked={list.default} />
    </details>
  );
}

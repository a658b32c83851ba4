import { get } from "../../api/page.ts";
import { outputAttributes, PROFILE_FIELD } from "./profile-field.ts";

type Profile = { name: string; summary: string } & Parameters<typeof outputAttributes>[0];
type Profiles = { profiles: Profile[]; default: string };

/**
 * The choice of what is made of the files. The server renders it, and the engine reads it when files are added, so that
 * it needs no code of the page. Nothing for people who may not upload.
 */
export async function ProfileChoice() {
  const response = await get("/profiles");
  if (!response.ok) return null;
  // The API's tests verify its type.
  const { profiles, default: usual }: Profiles = await response.json();
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded-sm py-1 text-muted hover:text-ink">
        What Rushes makes of your videos
      </summary>
      <fieldset className="mt-2 grid gap-2 sm:grid-cols-2">
        <legend className="sr-only">Profile</legend>
        {profiles.map(({ name, summary, ...output }) => (
          <label
            key={name}
            className="flex cursor-pointer gap-3 rounded-lg border border-line bg-surface p-3 has-checked:border-accent"
          >
            <input
              type="radio"
              name={PROFILE_FIELD}
              value={name}
              defaultChecked={name === usual}
              {...outputAttributes(output)}
              className="mt-1 size-4 shrink-0 accent-(--accent)"
            />
            <span>
              <span className="font-medium">{name === usual ? `${name} (default)` : name}</span>
              <span className="block text-muted">{summary}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}

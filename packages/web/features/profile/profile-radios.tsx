import { outputAttributes } from "./profile-field.ts";

type Profile = { name: string; summary: string } & Parameters<typeof outputAttributes>[0];

/** What the API returns: the profiles, and the one for files without a choice. */
export type Profiles = { profiles: readonly Profile[]; default: string };

type Props = {
  /** The name of the form field. */
  field: string;
  list: Profiles;
  /** The name of the profile that is chosen at first. */
  checked: string;
};

/** The profiles as radio buttons, each with what it makes. */
export function ProfileRadios({ field, list, checked }: Props) {
  return (
    <fieldset className="mt-2 grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">Profile</legend>
      {list.profiles.map(({ name, summary, ...output }) => (
        <label
          key={name}
          className="flex cursor-pointer gap-3 rounded-lg border border-line bg-surface p-3 has-checked:border-accent"
        >
          <input
            type="radio"
            name={field}
            value={name}
            defaultChecked={name === checked}
            {...outputAttributes(output)}
            className="mt-1 size-4 shrink-0 accent-(--accent)"
          />
          <span>
            <span className="font-medium">
              {name === list.default ? `${name} (default)` : name}
            </span>
            <span className="block text-muted">{summary}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The name of the radio buttons with which people choose a profile. */
export const PROFILE_FIELD = "profile";

/** The profile that is chosen on this page. Undefined on pages without the choice: then the default one applies. */
export function chosenProfile(): string | undefined {
  const chosen = document.querySelector<HTMLInputElement>(`input[name=${PROFILE_FIELD}]:checked`);
  return chosen?.value;
}

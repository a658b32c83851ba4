/** The name of the radio buttons with which people choose a profile. */
export const PROFILE_FIELD = "profile";

/** The profile that is chosen on this page. Undefined on pages without the choice: then the default one applies. */
export function chosenProfile(): string | undefined {
  const chosen = document.querySelector<HTMLInputElement>(`input[name=${PROFILE_FIELD}]:checked`);
  return chosen?.value;
}

/** What a profile makes of a file, as far as a preview shows it. */
export interface ProfileOutput {
  kind: "hls" | "files" | "sound";
  /** The number of MP4 files. */
  files: number;
  maxShortSide: number;
}

type Defined = { picture: boolean; hls: boolean; downloads: string[]; maxShortSide: number };

/** The attributes with which the radio button of a profile says what it makes. */
export const outputAttributes = ({ picture, hls, downloads, maxShortSide }: Defined) => ({
  "data-kind": (picture ? (hls ? "hls" : "files") : "sound") satisfies ProfileOutput["kind"],
  "data-files": downloads.length,
  "data-max-short-side": maxShortSide,
});

/** What a profile, or the default one, makes. Undefined on pages without the choice. */
export function outputOf(profile: string | undefined): ProfileOutput | undefined {
  const which = profile === undefined ? "[checked]" : `[value="${CSS.escape(profile)}"]`;
  const field = document.querySelector<HTMLInputElement>(`input[name=${PROFILE_FIELD}]${which}`);
  if (!field) return undefined;
  const { kind, files, maxShortSide } = field.dataset;
  return {
    kind: kind === "files" || kind === "sound" ? kind : "hls",
    files: Number(files),
    maxShortSide: Number(maxShortSide),
  };
}

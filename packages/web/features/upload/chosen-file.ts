/** What a person chose, for the rows that show what it becomes. */
export interface ChosenFile {
  file: File;
  /** Undefined for the default profile. */
  profile: string | undefined;
  /** True if it is uploaded even if a video was made of it. */
  again?: boolean | undefined;
}

const files = new WeakMap<AbortSignal, ChosenFile>();

/** Keeps the file as long as the run of its upload is known. */
export const rememberFile = (run: AbortSignal, { file, profile }: ChosenFile): void => {
  files.set(run, { file, profile });
};

export const fileOf = (run: AbortSignal): ChosenFile | undefined => files.get(run);

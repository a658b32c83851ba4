/** What is found wrong with the bytes of objects. */

export interface Damage {
  bucket: string;
  key: string;
  blob: string;
  /** Altered: as many bytes as there were, but not the same. */
  kind: "missing" | "truncated" | "altered";
}

const WHAT: Record<Damage["kind"], string> = {
  missing: "is missing",
  truncated: "is cut off",
  altered: "has other bytes than were stored",
};

export const sentenceOf = ({ bucket, key, blob, kind }: Damage) =>
  `The object ${key} in ${bucket} is damaged: its file s3/blobs/${blob} ${WHAT[kind]}. Restore that file from a backup.`;

/** The same without the object's key, which may be what a person called a video. */
export const anonymous = ({ bucket, blob, kind }: Damage) =>
  `The file s3/blobs/${blob} of an object in ${bucket} ${WHAT[kind]}. npm run verify names the object.`;

/** Reports each damage once for as long as the process runs. */
export function createReporter(onDamage: (damage: Damage) => void): (damage: Damage) => void {
  const known = new Set<string>();
  return (damage) => {
    const name = `${damage.blob} ${damage.kind}`;
    if (known.has(name)) return;
    known.add(name);
    onDamage(damage);
  };
}

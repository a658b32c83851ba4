/** Damage to the bytes of objects, and the sentences that report it. */

export interface Damage {
  bucket: string;
  key: string;
  blob: string;
  /** Altered: the right number of bytes, but not the stored ones. */
  kind: "missing" | "truncated" | "altered";
}

const WHAT: Record<Damage["kind"], string> = {
  missing: "is missing",
  truncated: "is truncated",
  altered: "has changed bytes",
};

export const describeDamage = ({ bucket, key, blob, kind }: Damage) =>
  `The object ${key} in ${bucket} is damaged: its file s3/blobs/${blob} ${WHAT[kind]}. Restore that file from a backup.`;

/** The same without the object's key, which may contain the name that a person gave a video. */
export const describeWithoutKey = ({ bucket, blob, kind }: Damage) =>
  `The file s3/blobs/${blob} of an object in ${bucket} ${WHAT[kind]}. npm run verify prints the object's key.`;

/** Reports each damage once per process. */
export function createDamageReporter(onDamage: (damage: Damage) => void): (damage: Damage) => void {
  const known = new Set<string>();
  return (damage) => {
    const name = `${damage.blob} ${damage.kind}`;
    if (known.has(name)) return;
    known.add(name);
    onDamage(damage);
  };
}

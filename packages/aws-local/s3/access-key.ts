/** A key that a person made. The stack's own key has none of these limits. */
export interface AccessKey {
  secretAccessKey: string;
  /** Whose key it is. Objects record it, and events have it as `userIdentity.principalId`. */
  ownerId: string;
  /** The only bucket that the key gives access to. */
  bucket: string;
  /** Keys of objects that begin with this belong to the app. */
  reservedPrefix?: string;
}

/** Finds a key by its ID. Undefined if it does not exist or was revoked. */
export type FindAccessKey = (accessKeyId: string) => Promise<AccessKey | undefined>;

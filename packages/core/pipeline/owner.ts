/** Finds the owner of an object that another tool put into the uploads bucket. */
import { resource } from "../resource.ts";
import { ownersOf } from "../source/import-owners.ts";
import type { CreatedObject } from "../source/object.ts";
import { read } from "../user/row.ts";

export interface ObjectOwner {
  ownerId: string;
  ownerEmail: string;
}

/**
 * The owner of the access key that wrote the object, or the one that the settings name for its principal or its key. If
 * no such user exists, the default owner.
 */
export async function ownerOf(
  object: Pick<CreatedObject, "key" | "principalId">,
): Promise<ObjectOwner> {
  const { defaultOwnerId, defaultOwnerEmail, importOwners } = resource().Settings;
  const defaultOwner = { ownerId: defaultOwnerId, ownerEmail: defaultOwnerEmail };
  for (const id of ownersOf(object, importOwners)) {
    if (id === defaultOwnerId) return defaultOwner;
    const user = await read(id);
    if (user) return { ownerId: user.id, ownerEmail: user.email };
  }
  return defaultOwner;
}

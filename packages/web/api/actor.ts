import { type Owner, SCOPES } from "@rushes/core/actor";
import { resource } from "@rushes/core/resource";

/** Who is asking. Until there is sign-in, everybody who reaches the API is its one owner. */
export function actorOf(): Owner {
  const { defaultOwnerId, defaultOwnerEmail } = resource().Settings;
  return {
    type: "owner",
    ownerId: defaultOwnerId,
    email: defaultOwnerEmail,
    role: "admin",
    scopes: SCOPES,
    via: "local",
  };
}

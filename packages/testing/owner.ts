import { type Owner, SCOPES } from "@rushes/core/actor";

/** The local user, who tests and benchmarks act as. */
export const OWNER: Owner = {
  type: "owner",
  ownerId: "local",
  email: "you@example.com",
  role: "member",
  scopes: SCOPES,
  via: "local",
};

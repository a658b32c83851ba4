import { type Owner, SCOPES } from "@rushes/core/actor";

/** The one user of a machine without sign-in, as tests and benchmarks act. */
export const OWNER: Owner = {
  type: "owner",
  ownerId: "local",
  email: "you@example.com",
  role: "member",
  scopes: SCOPES,
  via: "local",
};

import { hashPassword } from "@rushes/identity/password";

/** A hash with the least work. With the product's, each sign-in takes a few tenths of a second of CPU time. */
export const quickHash = (password: string) => hashPassword(password, { N: 2, r: 8, p: 1 });

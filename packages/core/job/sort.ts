/** The orders of a list of jobs. The first one is the default. */
export const SORTS = ["newest", "oldest", "name"] as const;
export type Sort = (typeof SORTS)[number];

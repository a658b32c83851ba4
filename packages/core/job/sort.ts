/** The orders of a list of jobs. The first one is the default. The longest and the largest are first. */
export const SORTS = ["newest", "oldest", "name", "length", "size"] as const;
export type Sort = (typeof SORTS)[number];

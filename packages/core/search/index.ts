/** Search by words and tags. `words.ts` has the rules, and `row.ts` the rows that a search reads. */
export { type Candidate, collect, type Found, find } from "./find.ts";
export { read, removeRows, removeStale, type Searched, writes } from "./row.ts";
export { advance, isIndexed, type Kind, State } from "./state.ts";
export { removeUnused, TagCount, tagCounts } from "./tags.ts";
export { entryOf, matches, type Term, termsOf } from "./words.ts";

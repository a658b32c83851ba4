/** The one DynamoDB table. `key` and `index` describe every row, and the rest reads and writes them. */
export { client, type Row, tableName, type Write } from "./client.ts";
export { type Due, foldName, index } from "./indexes.ts";
export { key } from "./keys.ts";
export { type Page, page } from "./page.ts";
export { count, due, get, getAll, type Part, part, queryAll } from "./read.ts";
export { oneOf, type Update, update } from "./update.ts";
export { apply, put, removeAll, transact } from "./write.ts";

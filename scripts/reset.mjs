/** `npm run reset`: empties the data folder. */
process.argv.splice(2, 0, "packages/stack/commands/reset.ts");
await import("./command.mjs");

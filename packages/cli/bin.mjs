#!/usr/bin/env node
/** `npx rushes`: runs the command with the project's Node, which `npm start` has installed. */
import { main, runFile } from "../../scripts/machine.mjs";

main(() => runFile("packages/cli/main.ts", process.argv.slice(2)));

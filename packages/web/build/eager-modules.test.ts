import { expect, it } from "vitest";
import { withEagerModules } from "./eager-modules.ts";

const body = `"use strict";${"e.a=()=>1;".repeat(1_000)}`;
const chunk = (...modules: string[]) =>
  `(globalThis.TURBOPACK||(globalThis.TURBOPACK=[])).push([document.currentScript,${modules.join()}]);`;

it("puts the large modules of a script in parentheses, so that the browser compiles them while they load", () => {
  expect(withEagerModules(chunk(`1,e=>{${body}}`, "2,e=>{e.b=1}", `3,(e,t)=>{${body}}`))).toBe(
    chunk(`1,(e=>{${body}})`, "2,e=>{e.b=1}", `3,((e,t)=>{${body}})`),
  );
});

it("changes nothing in its own result or in another script", () => {
  const once = withEagerModules(chunk(`1,function(e){${body}}`));
  expect(withEagerModules(once)).toBe(once);
  for (const other of [`(()=>{${body}})();`, "", `var e={};${body}`]) {
    expect(withEagerModules(other)).toBe(other);
  }
});

import { expect, test } from "vitest";
import * as Cookies from "./cookies.ts";

const asked = (cookie: string) => new Request("https://rushes.example/", { headers: { cookie } });

test("over https, no other host, plain http or script can set or read a session cookie", () => {
  const expires = new Date("2030-01-01T00:00:00Z");
  expect(Cookies.setSession({ cookie: "value", expires })).toBe(
    "__Host-rushes=value; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; SameSite=Lax; Secure",
  );
  expect(Cookies.clearSession()).toBe(
    "__Host-rushes=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
  );
  expect(Cookies.sessionOf(asked("rushes=planted; __Host-rushes=ours"))).toBe("ours");
  expect(Cookies.sessionOf(asked("rushes=planted"))).toBeUndefined();
});

test("a pending sign-in is found by its state only, and no other host can plant one", () => {
  expect(Cookies.setSignIn("state-of-one-window", "value")).toBe(
    "__Host-rushes-sign-in-state-of-one=value; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure",
  );
  const request = asked("__Host-rushes-sign-in-state-of-one=value");
  expect(Cookies.signInOf(request, "state-of-one-window")).toBe("value");
  expect(Cookies.signInOf(request, "another")).toBeUndefined();
  const planted = asked("__Secure-rushes-sign-in-state-of-one=value");
  expect(Cookies.signInOf(planted, "state-of-one-window")).toBeUndefined();
  expect(Cookies.clearSignIns(request, 2)).toEqual([]);
  expect(Cookies.clearSignIns(request)).toEqual([
    "__Host-rushes-sign-in-state-of-one=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
  ]);
});

test("ignores more cookies than a server accepts", () => {
  const cookie = `__Host-rushes=ours; other=${"a".repeat(16 * 1024)}`;
  expect(Cookies.sessionOf(asked(cookie))).toBeUndefined();
});

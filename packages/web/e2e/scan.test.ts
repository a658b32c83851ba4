import { expect, test } from "vitest";
import { problemsOf, type ScannedResponse } from "./scan.ts";

const SITE = new URL("https://video.example.com");

/** A correct response. A test changes one thing in it. */
function page(change: Partial<ScannedResponse> & { without?: string } = {}): ScannedResponse {
  const { without = "", headers, ...rest } = change;
  const all: Record<string, string> = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "default-src 'self'; script-src 'self' 'nonce-bm9uY2U='; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=()",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=63072000",
    ...headers,
  };
  delete all[without];
  return { path: "/", status: 200, cookies: [], body: "<h1>Rushes</h1>", headers: all, ...rest };
}
const html = (body: string) => page({ body });
const header = (name: string, value: string) => page({ headers: { [name]: value } });
const policy = (scripts: string) =>
  header("content-security-policy", `default-src 'self'; script-src ${scripts}`);

test("reports nothing for a correct response", () => {
  expect(problemsOf(page(), SITE)).toEqual([]);
  const cookies = ["__Host-rushes=a; Path=/; HttpOnly; SameSite=Lax; Secure"];
  expect(problemsOf(page({ cookies }), SITE)).toEqual([]);
});

test.for([
  ...Object.keys(page().headers)
    .filter((name) => name !== "content-type")
    .map((name) => [`no ${name}`, page({ without: name })] as const),
  ["scripts from anywhere", policy("*")],
  ["scripts inline by the policy", policy("'self' 'unsafe-inline'")],
  ["a script without a nonce", html("<script>go()</script>")],
  ["an event handled inline", html('<img src="/a" onerror="go()">')],
  ["a script in an address", html('<a href="javascript:go()">')],
  ["a picture that is not encrypted", html('<img src="http://video.example.com/a">')],
  ["a form to another site", html('<form action="https://evil.example/">')],
  ["a redirect to another site", header("location", "https://evil.example/")],
  ["the name of the server", header("x-powered-by", "Next.js")],
  ["a page that any site reads", header("access-control-allow-origin", "*")],
  ["a stack", html("Error\n    at run (/srv/app/index.js:1:2)")],
  ["a source map", html("//# sourceMappingURL=a.js.map")],
  ["a token", html(`rsh_${"a".repeat(38)}`)],
  ["a failure", page({ status: 500 })],
  ["a cookie that scripts read", page({ cookies: ["__Host-a=b; Path=/; SameSite=Lax; Secure"] })],
  ["a cookie by http", page({ cookies: ["__Host-a=b; Path=/; SameSite=Lax; HttpOnly"] })],
  ["a cookie for other sites", page({ cookies: ["__Host-a=b; Path=/; HttpOnly; Secure"] })],
  ["a cookie of any host", page({ cookies: ["a=b; Path=/; HttpOnly; SameSite=Lax; Secure"] })],
] as const)("%s is found", ([, answer]) => {
  expect(problemsOf(answer, SITE)).not.toEqual([]);
});

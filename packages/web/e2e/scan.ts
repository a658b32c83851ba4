/** A passive scanner: checks the headers and bodies of a site's responses. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

export interface ScannedResponse {
  path: string;
  status: number;
  headers: Record<string, string>;
  /** The complete Set-Cookie headers. */
  cookies: string[];
  body: string;
}

interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export type Ask = (path: string, options?: AskOptions) => Promise<ScannedResponse>;

/** An HTTP client that connects to loopback with the public host name, and keeps cookies. */
export function browserOf(site: URL, port: number): Ask {
  const jar = new Map<string, string>();
  return async (path, { method = "GET", headers = {}, body } = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const asking = request({
      ...{ host: "127.0.0.1", port, path, method },
      headers: { host: site.host, ...(cookie && { cookie }), ...headers },
    });
    asking.end(body);
    const [message]: IncomingMessage[] = await once(asking, "response");
    if (!message) throw new Error(`${path} was not answered.`);
    const { "set-cookie": cookies = [], ...rest } = message.headers;
    for (const one of cookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      if (value === "" || /max-age=0/i.test(one)) jar.delete(name);
      else jar.set(name, value);
    }
    return {
      ...{ path, status: message.statusCode ?? 0, cookies, body: await text(message) },
      headers: Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [name, String(value)]),
      ),
    };
  };
}

/** The paths of this site that a response links to. */
function linksOf(answer: ScannedResponse, site: URL): string[] {
  const { body, headers, path } = answer;
  const isText = /html|css/.test(headers["content-type"] ?? "");
  const named = isText ? body.matchAll(/\b(?:href|src|action)="([^"]+)"|url\("?([^")]+)/g) : [];
  const given = [...named].map(([, attribute, style]) => attribute ?? style ?? "");
  if (headers.location !== undefined) given.push(headers.location);
  return given.flatMap((link) => {
    const base = new URL(path, site);
    const decoded = link.replaceAll("&amp;", "&");
    if (!URL.canParse(decoded, base)) return [];
    const url = new URL(decoded, base);
    return url.origin === site.origin ? [`${url.pathname}${url.search}`] : [];
  });
}

type Rule = (answer: ScannedResponse, site: URL) => string | undefined | false;

const typeOf = ({ headers }: ScannedResponse) => headers["content-type"] ?? "";
const isHtml = (answer: ScannedResponse) => /^text\/html/.test(typeOf(answer));
const isPrivate = (answer: ScannedResponse) =>
  isHtml(answer) || answer.path.startsWith("/api/") || /x-component/.test(typeOf(answer));
const directive = (policy: string, name: string) =>
  policy
    .split(";")
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name} `));

/** The required value of a header, and the responses that must have it. */
const HEADERS: readonly [name: string, value: RegExp, on: (answer: ScannedResponse) => boolean][] =
  [
    ["x-content-type-options", /^nosniff$/, ({ status }) => status < 300 || status >= 400],
    ["cache-control", /\bno-store\b/, isPrivate],
    ["referrer-policy", /^(no-referrer|same-origin|strict-origin)$/, isHtml],
    ["permissions-policy", /camera=\(\)/, isHtml],
    ["cross-origin-opener-policy", /^same-origin$/, isHtml],
  ];

const POLICY: readonly [name: string, value: RegExp][] = [
  ["default-src", /^default-src '(self|none)'$/],
  ["base-uri", /'none'/],
  ["form-action", /^form-action '(self|none)'$/],
  ["frame-ancestors", /^frame-ancestors '(none|self)'$/],
];

const RULES: Readonly<Record<string, Rule>> = {
  "fails with a 5xx": ({ status }) => status >= 500 && String(status),
  "tells what serves it": ({ headers }) =>
    headers["x-powered-by"] ?? headers.server ?? headers["x-aspnet-version"],
  "asks for no TLS in future": ({ headers }, { protocol }) =>
    protocol === "https:" &&
    !/max-age=[1-9]\d{7}/.test(headers["strict-transport-security"] ?? "") &&
    "strict-transport-security",
  "lets any site read it": ({ headers }) =>
    headers["access-control-allow-origin"] === "*" && "access-control-allow-origin: *",
  "has a script policy that is not strict": (answer) => {
    if (!isHtml(answer)) return false;
    const policy = answer.headers["content-security-policy"] ?? "";
    const scripts = directive(policy, "script-src") ?? directive(policy, "default-src") ?? "";
    return (
      (scripts === "" || /unsafe-inline|unsafe-eval|https?:(\s|$)|\*/.test(scripts)) &&
      (scripts || "no script-src")
    );
  },
  "runs a script inline": (answer) =>
    isHtml(answer) && /<script(?![^>]*\b(src|nonce)=)[^>]*>/i.exec(answer.body)?.[0],
  "handles an event inline": (answer) =>
    isHtml(answer) && /<[a-z][^<>]*\son[a-z]+\s*=\s*["']/i.exec(answer.body)?.[0].slice(0, 80),
  "has a script in an address": (answer) =>
    isHtml(answer) && /(href|src|action)="\s*javascript:/i.exec(answer.body)?.[0],
  "brings in what is not encrypted": (answer, { protocol }) =>
    isHtml(answer) &&
    protocol === "https:" &&
    /<(script|link|img|video|source|iframe|form)[^>]*(href|src|action)="http:[^"]*"/i.exec(
      answer.body,
    )?.[0],
  "sends a form elsewhere": (answer, site) => {
    if (!isHtml(answer)) return false;
    const forms = [...answer.body.matchAll(/<form\b[^>]*?\baction="([^"]*)"/gi)];
    return forms
      .map(([, action = ""]) => action)
      .find((action) => new URL(action, site).origin !== site.origin);
  },
  "leads elsewhere": ({ headers: { location } }, site) =>
    location !== undefined && new URL(location, site).origin !== site.origin && location,
  // Scripts may contain file paths. Other responses may not.
  "shows where it broke": (answer) =>
    !/javascript/.test(typeOf(answer)) &&
    /^\s+at .+:\d+:\d+\)?$|\/node_modules\/|file:\/\/\/|webpack-internal/m.exec(answer.body)?.[0],
  "names a source map": ({ body }) => /[#@] sourceMappingURL=(?!data:)\S+/.exec(body)?.[0],
  "has a secret in it": ({ body }) =>
    /rsh_[0-9A-Za-z]{38}|SST_RESOURCE_|AWS_SECRET|BEGIN [A-Z ]*PRIVATE KEY/.exec(body)?.[0],
};

/** Errors of a cookie. Over https its name must have the `__Host-` prefix. */
function cookieProblems(cookie: string, { protocol }: URL): string[] {
  const name = cookie.slice(0, cookie.indexOf("="));
  const wanted: Record<string, boolean> = {
    HttpOnly: /; *httponly/i.test(cookie),
    SameSite: /; *samesite=(lax|strict)/i.test(cookie),
    "no Domain": !/; *domain=/i.test(cookie),
    ...(protocol === "https:" && {
      Secure: /; *secure/i.test(cookie),
      "__Host- or __Secure-": /^__(Host|Secure)-/.test(name),
      "a Path of its own": !name.startsWith("__Secure-") || !/; *path=\/(;|$)/i.test(cookie),
    }),
  };
  return Object.entries(wanted).flatMap(([what, there]) =>
    there ? [] : [`sets the cookie ${name} without ${what}`],
  );
}

/** The errors of a response. */
export function problemsOf(answer: ScannedResponse, site: URL): string[] {
  const found: string[] = [];
  for (const [name, value, on] of HEADERS) {
    const given = answer.headers[name] ?? "";
    if (on(answer) && !value.test(given)) found.push(`has ${name}: ${given || "(none)"}`);
  }
  if (isHtml(answer)) {
    const policy = answer.headers["content-security-policy"] ?? "";
    for (const [name, value] of POLICY) {
      const given = directive(policy, name) ?? "";
      if (!value.test(given)) found.push(`has in its policy: ${given || `no ${name}`}`);
    }
  }
  for (const [what, rule] of Object.entries(RULES)) {
    const detail = rule(answer, site);
    if (detail) found.push(`${what}: ${detail}`);
  }
  found.push(...answer.cookies.flatMap((cookie) => cookieProblems(cookie, site)));
  return found.map((problem) => `${answer.path} (${answer.status}) ${problem}`);
}

const MOST = 400;

/** Requests these paths and all paths that they link to, and checks every response. */
export async function crawl(ask: Ask, site: URL, paths: readonly string[]) {
  const known = new Set(paths);
  const problems: string[] = [];
  const answers: ScannedResponse[] = [];
  for (const path of known) {
    if (answers.length >= MOST) throw new Error(`There are more than ${MOST} addresses.`);
    const answer = await ask(path);
    answers.push(answer);
    problems.push(...problemsOf(answer, site));
    // Sign-out is not a page, and each start of a sign-in has a new URL.
    for (const link of linksOf(answer, site)) {
      if (!/^\/(identity\/|api\/auth\/)/.test(link)) known.add(link);
    }
  }
  return { answers, problems };
}

/** The site: CloudFront, its edge function, and the server function behind it. */
import type { Graph } from "../graph.ts";
import { at, failures, of, text } from "../read.ts";
import type { Rules } from "../rule.ts";

const TOKEN = /x-forwarded-authorization"\] = .{0,40}headers\.authorization\.value/;
const atTheEdge = (graph: Graph): string[] => {
  const code = of(graph, "aws:cloudfront/function:Function").map(({ inputs }) => text(inputs.code));
  const some = (pattern: RegExp) => code.some((one) => pattern.test(one));
  return failures(
    [
      some(/x-forwarded-viewer.{0,20}=.{0,20}event\.viewer\.ip/),
      "The app trusts the IP address that a client sends.",
    ],
    [some(TOKEN), "CloudFront's signature overwrites every token."],
  );
};

const openFunctions = (graph: Graph): string[] =>
  of(graph, "aws:lambda/functionUrl:FunctionUrl")
    .filter(({ inputs }) => at(inputs, "authorizationType") !== "AWS_IAM")
    .map(({ name }) => `Anyone can call ${name}.`);

const missingSite = (graph: Graph): string[] =>
  failures(
    [
      of(graph, "aws:cloudfront/distribution:Distribution").length > 0,
      "The site has no distribution.",
    ],
    [
      of(graph, "aws:lambda/function:Function").some(({ name }) => /^WebServer/.test(name)),
      "The site has no server.",
    ],
  );

export const SITE = {
  "the app gets the viewer's address and token from CloudFront": {
    rule: atTheEdge,
    breaks: [
      {
        what: "a site that trusts the address that a client sends",
        file: "infra/edge.ts",
        find: "event.viewer.ip",
        put: "'203.0.113.1'",
      },
      {
        what: "tokens that CloudFront overwrites",
        file: "infra/edge.ts",
        find: 'event.request.headers["x-forwarded-authorization"] =',
        put: "event.request.headers.authorization =",
      },
    ],
  },
  "only CloudFront can call a function URL": {
    rule: openFunctions,
    breaks: [
      {
        what: "a function URL that anyone can call",
        file: "infra/web.ts",
        find: 'protection: "oac-with-edge-signing"',
        put: 'protection: "none"',
      },
    ],
  },
  "the site exists": {
    rule: missingSite,
    breaks: [
      {
        what: "a site under another name",
        file: "infra/web.ts",
        find: 'new Site("Web"',
        put: 'new Site("Page"',
      },
    ],
  },
} satisfies Rules;

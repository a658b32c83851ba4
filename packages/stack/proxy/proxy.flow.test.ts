import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";
import { ask, begin, HOST, open, sendRaw } from "./proxy.fixture.ts";

test("replaces the forwarded headers of an untrusted client", async () => {
  const { port, requests } = await open({ trustedProxies: ["192.0.2.1"] });
  await ask(port, "/", {
    headers: { "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9" },
  });
  expect(requests[0]?.headers).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": HOST,
    host: HOST,
  });
  expect(requests[0]?.headers).not.toHaveProperty("x-real-ip");
});

test("passes on one address from a trusted proxy, without those that its client invented", async () => {
  const { port, requests } = await open({ trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
  await ask(port, "/", {
    headers: { "x-forwarded-for": "10.6.6.6, 198.51.100.7, 203.0.113.9, 10.0.0.2" },
  });
  expect(requests[0]?.headers["x-forwarded-for"]).toBe("203.0.113.9");
});

test("removes the internal headers of Next and of a CDN", async () => {
  const { port, requests } = await open();
  const forged = {
    "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
    "x-middleware-rewrite": "/admin/users",
    "x-invoke-path": "/admin/users",
    "x-forwarded-port": "1",
    "x-forwarded-viewer": "203.0.113.9",
    forwarded: "for=203.0.113.9;host=evil.example",
  };
  await ask(port, "/jobs", { headers: forged });
  for (const name of Object.keys(forged)) expect(requests[0]?.headers).not.toHaveProperty(name);
});

test("rejects a request for another host", async () => {
  const { port, requests } = await open();
  for (const host of ["evil.example", `${HOST}.evil.example`, `${HOST}:8443`, `a@${HOST}`, ""]) {
    const { status, body } = await ask(port, "/", { headers: { host } });
    expect(status === 421 || status === 400, host).toBe(true);
    expect(body.toString()).not.toContain("web");
  }
  const whole = await ask(port, "http://127.0.0.1/jobs");
  expect(whole.status).toBe(400);
  expect(requests).toEqual([]);
  expect((await ask(port, "/", { headers: { host: HOST.toUpperCase() } })).status).toBe(200);
});

test("rejects preflight and TRACE requests", async () => {
  const { port, requests } = await open();
  for (const method of ["TRACE", "OPTIONS", "PROPFIND"]) {
    const { status, headers } = await ask(port, "/", { method });
    expect(status, method).toBe(405);
    expect(headers.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE");
  }
  expect(requests).toEqual([]);
});

test("aborts the upstream request when the client disconnects", async () => {
  const { port, requests } = await open({ respond: () => {} });
  const upward = begin(port, "/api/uploads", { method: "POST", headers: { "content-length": 99 } });
  upward.on("error", () => {});
  upward.write("begun");
  const downward = begin(port, "/jobs");
  downward.on("error", () => {});
  downward.end();
  await until(() => requests.length === 2);
  upward.destroy();
  downward.destroy();
  await until(() => requests.every((message) => message.socket.destroyed));
});

test("answers 503 while the web server is down, and logs no share link address", async () => {
  const { port, lines, web } = await open();
  await web.close();
  const page = await ask(port, "/watch/01ADDRESS-SECRET?a=b");
  expect(page.status).toBe(503);
  expect(page.headers["retry-after"]).toBe("5");
  expect(page.headers["content-type"]).toMatch(/^text\/plain/);
  const api = await ask(port, "/api/watch/01ADDRESS-SECRET", { method: "POST" });
  expect(api.status).toBe(503);
  expect(api.headers["retry-after"]).toBe("5");
  expect(JSON.parse(api.body.toString())).toMatchObject({ code: "service.unavailable" });
  await ask(port, "/jobs?q=a%20name");
  expect(lines).toHaveLength(3);
  expect(lines.join()).not.toMatch(/SECRET|name/);
});

test("cuts off a client that sends its headers too slowly", async () => {
  const { port, requests } = await open({ headersMs: 200 });
  const response = await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Slow: `);
  expect(response).toMatch(/^HTTP\/1\.1 408 /);
  expect(requests).toEqual([]);
});

test("rejects a cookie of ten megabytes, and keeps answering", async () => {
  const { port, requests } = await open();
  const cookie = `Cookie: a=${"a".repeat(10 * 1024 * 1024)}`;
  const response = await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${cookie}\r\n\r\n`);
  // A client that is still sending when the connection ends may miss the response.
  expect(response === "" || response.startsWith("HTTP/1.1 431 ")).toBe(true);
  const large = `Cookie: a=${"a".repeat(40 * 1024)}`;
  expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${large}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(requests).toEqual([]);
  expect((await ask(port, "/")).status).toBe(200);
});

test.for([
  ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"],
  ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"],
  ["chunks in disguise", "Transfer-Encoding: xchunked\r\n"],
  ["a folded header", "X-A: b\r\n c: d\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n"],
  ["a bare line feed", "X-A: b\nContent-Length: 4\r\n"],
])("rejects a request with %s, which enables request smuggling", async ([, headers]) => {
  const { port, requests } = await open();
  const second = `GET /second HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
  const response = await sendRaw(
    port,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${headers}\r\n0\r\n\r\n${second}`,
  );
  expect(response).toMatch(/^HTTP\/1\.1 400 /);
  expect(requests).toEqual([]);
});

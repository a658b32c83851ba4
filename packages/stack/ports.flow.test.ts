import { createServer } from "node:http";
import { listen } from "@rushes/aws-local/wire/listen";
import { expect, onTestFinished, test } from "vitest";
import { choosePorts } from "./ports.ts";

const HOST = "127.0.0.1";
async function taken(): Promise<number> {
  const { port, close } = await listen(createServer(), { host: HOST, port: 0 });
  onTestFinished(close);
  return port;
}
const free = async () => (await choosePorts(HOST, { a: { setting: "RUSHES_PORT", usual: 0 } })).a;

test("the usual port is taken when it is free", async () => {
  const usual = await free();
  expect(await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual } })).toEqual({
    web: usual,
  });
});

test("where the usual port is in use another free one is chosen", async () => {
  const usual = await taken();
  const { web } = await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual } }, 0);
  expect(web).toBeGreaterThan(0);
  expect(web).not.toBe(usual);
});

test("a port that was asked for and is in use is one sentence, not another port", async () => {
  const fixed = await taken();
  await expect(
    choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual: 3000, fixed } }, 0),
  ).rejects.toThrow(
    `RUSHES_PORT is ${fixed}, and another program uses that port; stop it, or give another port.`,
  );
});

test("no two wishes get the same port", async () => {
  const usual = await free();
  const ports = await choosePorts(
    HOST,
    { web: { setting: "RUSHES_PORT", usual }, s3: { setting: "RUSHES_S3_PORT", usual } },
    0,
  );
  expect(ports.web).toBe(usual);
  expect(ports.s3).not.toBe(usual);
});

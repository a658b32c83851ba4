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

test("uses the default port if it is free", async () => {
  const usual = await free();
  expect(await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual } })).toEqual({
    web: usual,
  });
});

test("chooses another free port if the default port is in use", async () => {
  const usual = await taken();
  const { web } = await choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual } }, 0);
  expect(web).toBeGreaterThan(0);
  expect(web).not.toBe(usual);
});

test("reports a port in use if a setting names it, instead of choosing another", async () => {
  const fixed = await taken();
  await expect(
    choosePorts(HOST, { web: { setting: "RUSHES_PORT", usual: 3000, fixed } }, 0),
  ).rejects.toThrow(
    `RUSHES_PORT is ${fixed}, and another program uses that port. Stop it, or set another port.`,
  );
});

test("chooses different ports", async () => {
  const usual = await free();
  const ports = await choosePorts(
    HOST,
    { web: { setting: "RUSHES_PORT", usual }, s3: { setting: "RUSHES_S3_PORT", usual } },
    0,
  );
  expect(ports.web).toBe(usual);
  expect(ports.s3).not.toBe(usual);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { verifyBuckets } from "@rushes/aws-local/s3/verify";
import { wiring } from "@rushes/core/wiring";
import { vi } from "vitest";
import { serveApi } from "../../api-server.ts";
import { type Core, loadCore } from "../../core.ts";
import { startFaultProxy } from "../../fault-proxy.ts";
import { freePort } from "../../ports.ts";
import { forkS3 } from "../../s3-process.ts";
import { startStack } from "../../stack.ts";
import { until } from "../../until.ts";
import { startVirtualClock } from "../../virtual-clock.ts";

/** Twice, as SQS may, and again after an error, once S3 is back. */
async function deliverTwice(
  deliver: () => Promise<unknown>,
  back: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 0, successes = 0; successes < 2; tries += 1) {
    try {
      await deliver();
      successes += 1;
    } catch (error) {
      if (tries === 5) throw error;
      await back();
    }
  }
}

/** The services, with S3 in a process that can be killed, behind a proxy. */
export async function startSite() {
  const folder = await mkdtemp(join(tmpdir(), "rushes-faults-"));
  const s3Port = await freePort();
  const servers = { api: "", s3: "" };
  const proxy = await startFaultProxy(servers);
  const clock = startVirtualClock(() => proxy.active() === 0);
  const s3Folder = join(folder, "s3");
  const startS3 = () =>
    forkS3(
      {
        dataDir: s3Folder,
        port: s3Port,
        buckets: wiring.buckets.map(({ name, notifications }) => ({ name, notifications })),
      },
      ({ queue, body }) => {
        const deliver = () => clock.hold(core.deliver({ queue, body }));
        deliveries.push(deliverTwice(deliver, () => s3));
      },
    );
  const deliveries: Promise<void>[] = [];
  let s3 = startS3();
  servers.s3 = (await s3).url;
  const stack = await startStack({ siteUrl: proxy.url, bucketUrl: proxy.url });
  process.env.AWS_ENDPOINT_URL_S3 = servers.s3;
  // First, because it extends only schemas that are created after it.
  const api = await serveApi();
  servers.api = api.url;
  const core: Core = await loadCore();
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (input: string | Request, init?: RequestInit) => {
    // The page's requests have no origin.
    const isPath = typeof input === "string" && input.startsWith("/");
    const response = await fetch(isPath ? proxy.url + input : input, init);
    // The rate limits count real seconds.
    const waitSeconds = response.status === 429 ? Number(response.headers.get("retry-after")) : 0;
    if (waitSeconds > 0) void clock.hold(delay(1000 * waitSeconds));
    return response;
  });
  return {
    ...{ folder, proxy, clock, core },
    /** Kills S3, and drops what the API has in flight. Both are back after this time. */
    async restart(downMs: number): Promise<void> {
      proxy.disconnect();
      const killed = await s3;
      s3 = killed
        .kill()
        .then(() => clock.sleep(downMs))
        .then(() => clock.hold(startS3()));
      await s3;
      proxy.connect();
    },
    /** Resolves when nothing is on its way any more. */
    async settled(): Promise<void> {
      await until(() => proxy.active() === 0);
      await Promise.all(deliveries.splice(0));
    },
    /** Stops everything, and returns what is wrong with the files of S3. */
    async stop(): Promise<string[]> {
      vi.unstubAllGlobals();
      clock.stop();
      await (await s3).kill();
      api.server.closeAllConnections();
      api.server.close();
      await Promise.all([proxy.close(), stack.close()]);
      const { problems, notes } = await verifyBuckets(s3Folder);
      await rm(folder, { recursive: true, force: true });
      return [...problems, ...notes];
    },
  };
}

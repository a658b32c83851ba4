import { describe, expect, it } from "vitest";
import { guardNavigation } from "./navigation.ts";

const RSC = { headers: { rsc: "1" } };

/** A server that returns these responses in order. "down" means no response. */
function guarded(...answers: ("down" | "hangs" | Response)[]) {
  const sent: string[] = [];
  let clock: (() => void) | undefined;
  const guard = guardNavigation({
    fetch: async (input) => {
      sent.push(String(input));
      const answer = answers.shift();
      if (answer === "hangs") return new Promise(() => {});
      if (answer instanceof Response) return answer;
      throw new TypeError("Failed to fetch");
    },
    // Resolves when the user presses "Try now".
    pause: (_ms, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    after(_ms, task) {
      clock = task;
      return () => {
        clock = undefined;
      };
    },
  });
  return { guard, sent, slow: () => clock?.() };
}
const blocked = (guard: { isBlocked(): boolean }) => expect.poll(guard.isBlocked).toBe(true);
const settled = async (promise: Promise<unknown>) =>
  Promise.race([
    promise.then(
      () => "answered",
      () => "failed",
    ),
    new Promise((done) => setImmediate(() => done("waiting"))),
  ]);

describe("a request for the next page", () => {
  it.each(["down", new Response("{}", { status: 503 })] as const)(
    "waits while the server is away, and succeeds when it is back",
    async (away) => {
      const { guard, sent } = guarded(away, "down", new Response("page"));
      const answer = guard.fetch("/jobs", RSC);
      await blocked(guard);
      expect(await settled(answer)).toBe("waiting");
      guard.retry();
      await expect.poll(() => sent.length).toBe(2);
      expect(guard.isBlocked()).toBe(true);
      await new Promise((done) => setImmediate(done));
      guard.retry();
      expect(await (await answer).text()).toBe("page");
      expect(guard.isBlocked()).toBe(false);
    },
  );

  it("waits after a truncated response", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new TypeError("network error")),
    });
    const { guard } = guarded(new Response(broken), new Response("page"));
    const answer = guard.fetch("/jobs", RSC);
    await blocked(guard);
    guard.retry();
    expect(await (await answer).text()).toBe("page");
  });

  it("shows the message also when the server only hangs", async () => {
    const { guard, slow } = guarded("hangs");
    void guard.fetch("/jobs", RSC);
    expect(guard.isBlocked()).toBe(false);
    slow();
    expect(guard.isBlocked()).toBe(true);
  });

  it("waits without a message after Stay, and continues with the next click", async () => {
    const { guard, sent } = guarded("down", new Response("page"), new Response("page"));
    const first = guard.fetch("/jobs", RSC);
    await blocked(guard);
    guard.stay();
    expect(guard.isBlocked()).toBe(false);
    expect(await settled(first)).toBe("waiting");
    expect(sent).toEqual(["/jobs"]);
    // The router requests the same page again, and may wait for the response to its first request.
    const second = guard.fetch("/jobs", RSC);
    expect(await (await second).text()).toBe("page");
    expect(await (await first).text()).toBe("page");
  });

  it("passes on the page's own errors", async () => {
    const { guard } = guarded(new Response("no", { status: 404 }));
    expect((await guard.fetch("/jobs/none", RSC)).status).toBe(404);
  });
});

it("does not hold prefetches and the app's own requests", async () => {
  const { guard } = guarded("down", "down");
  const prefetch = { headers: { rsc: "1", "next-router-prefetch": "1" } };
  await expect(guard.fetch("/jobs", prefetch)).rejects.toThrow("Failed to fetch");
  await expect(guard.fetch("/api/jobs")).rejects.toThrow("Failed to fetch");
  expect(guard.isBlocked()).toBe(false);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { createPool } from "./pool.ts";

it("never runs more than six requests, and loses no place to a cancel", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 30 }),
      async (scheduler, cancels) => {
        const pool = createPool(6);
        let running = 0;
        let most = 0;
        const work = async () => {
          running += 1;
          most = Math.max(most, running);
          await scheduler.schedule(Promise.resolve());
          running -= 1;
        };
        const runs = cancels.map((cancel) => {
          const controller = new AbortController();
          if (cancel) void scheduler.schedule(Promise.resolve()).then(() => controller.abort());
          return pool.run(controller.signal, work).catch(() => {});
        });
        await scheduler.waitFor(Promise.all(runs));
        expect(most).toBeLessThanOrEqual(6);
        const never = new AbortController().signal;
        const again = Array.from({ length: 6 }, () => pool.run(never, () => Promise.resolve(1)));
        expect(await Promise.all(again)).toHaveLength(6);
      },
    ),
  );
});

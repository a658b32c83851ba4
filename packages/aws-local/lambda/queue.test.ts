import fc from "fast-check";
import { expect, test } from "vitest";
import { type Message, MessageQueue } from "./queue.ts";

const VISIBILITY_MS = 100;
const MAX_RECEIVE = 3;

const step = fc.oneof(
  fc.record({ do: fc.constant("send" as const) }),
  fc.record({ do: fc.constant("receive" as const), limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("fail" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 150 }) }),
);

test("never loses a message, delivers it to two receivers, or exceeds its receive count", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const queue = new MessageQueue({
        visibilityTimeoutMs: VISIBILITY_MS,
        maxReceiveCount: MAX_RECEIVE,
        failureBackoffMs: () => 10,
      });
      let now = 0;
      let sent = 0;
      const inFlight: Message[] = [];
      const hiddenUntil = new Map<string, number>();
      const gone = new Set<string>();
      for (const one of steps) {
        const pick =
          "which" in one ? inFlight[one.which % Math.max(1, inFlight.length)] : undefined;
        if (one.do === "wait") now += one.ms;
        else if (one.do === "send") {
          sent += 1;
          queue.add({ id: `m${sent}`, body: "", sentMs: now, receiveCount: 0, visibleMs: now });
        } else if (one.do === "receive") {
          const { received, dead } = queue.receive(one.limit, now);
          for (const message of received) {
            expect(hiddenUntil.get(message.id) ?? 0).toBeLessThanOrEqual(now);
            expect(message.receiveCount).toBeLessThanOrEqual(MAX_RECEIVE);
            hiddenUntil.set(message.id, now + VISIBILITY_MS);
            inFlight.push(message);
          }
          for (const { id } of dead) gone.add(id);
        } else if (pick && one.do === "remove") {
          if (queue.remove(pick.id, pick.receiveCount)) gone.add(pick.id);
        } else if (pick && one.do === "fail") {
          const state = queue.fail(pick.id, pick.receiveCount, "no", now);
          if (state) hiddenUntil.set(pick.id, state.visibleMs);
        }
        expect(queue.size + gone.size).toBe(sent);
      }
    }),
  );
});

test("does not remove a message by a receipt from before its last receive", () => {
  const queue = new MessageQueue({
    visibilityTimeoutMs: VISIBILITY_MS,
    maxReceiveCount: 9,
    failureBackoffMs: () => 0,
  });
  queue.add({ id: "m", body: "", sentMs: 0, receiveCount: 0, visibleMs: 0 });
  const [first] = queue.receive(1, 0).received;
  queue.receive(1, VISIBILITY_MS);
  expect(queue.remove("m", first?.receiveCount ?? 0)).toBe(false);
  expect(queue.size).toBe(1);
});

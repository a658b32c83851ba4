/** What a video costs in invocations of functions. docs/deploy.md states the figures. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { clip } from "../../clips.ts";
import { startCore } from "../../core.ts";
import { type EmittedEvent, isBus } from "../../events.ts";

const { stack, core } = await startCore({ profile: "web" });

/** Encodes a source. Resolves with the events that it led to, each of which invokes a function. */
async function eventsOf(name: "ten-seconds.mp4" | "twenty-minutes.mp4"): Promise<EmittedEvent[]> {
  const first = stack.events.length;
  await core.deliver(await core.put(stack, name, await readFile(await clip(name))));
  const { id } = await core.only(name.replace(".mp4", ""));
  const end = await stack.event(isBus("COMPLETE", id));
  await core.deliver(end);
  const { job } = await core.asOwner(() => core.job.details(core.id(id)));
  expect(job).toMatchObject({ status: "complete", profile: "web" });
  return stack.events.slice(first);
}

const isProgress = (event: EmittedEvent) =>
  "bus" in event && event.bus.detail.status === "STATUS_UPDATE";

/** How many events of each kind there are: of the queues and of the encoder. */
function kinds(events: EmittedEvent[]) {
  const names = events
    .filter((event) => !isProgress(event))
    .map((event) => {
      if ("mail" in event) return "mail";
      return "queue" in event ? event.queue : `${event.bus.detail.status}`;
    });
  return Object.fromEntries(
    Array.from(
      Map.groupBy(names, (name) => name),
      ([k, v]) => [k, v.length],
    ),
  );
}

test("invokes functions as often for twenty minutes as for ten seconds, except with progress", async () => {
  const short = await eventsOf("ten-seconds.mp4");
  const long = await eventsOf("twenty-minutes.mp4");
  expect(kinds(short)).toEqual({
    "source-created": 1,
    // Three MP4 files, and the multivariant playlist twice: when the stream begins and when it ends.
    "rendition-created": 5,
    ...{ PROGRESSING: 1, INPUT_INFORMATION: 1, COMPLETE: 1 },
  });
  expect(kinds(long)).toEqual(kinds(short));
});

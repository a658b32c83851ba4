/** For the test of crashes: an encoder in a process of its own, which reports when each event was made, until it is killed. */
import { type MediaConvertOptions, start } from "./index.ts";

process.once("message", async (options: Omit<MediaConvertOptions, "emit">) => {
  await start({
    ...options,
    emit: async (event) => {
      process.send?.(event.detail.timestamp);
    },
  });
});

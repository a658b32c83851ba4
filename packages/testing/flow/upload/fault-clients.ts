/** The programs that upload, with the clock of a test: the engine of the page, and the client for Node. */
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { createPolls, createPool } from "@rushes/core/transfer/pool";
import type { RetryEnvironment } from "@rushes/core/transfer/retry";
import { SINGLE_LIMIT_BYTES } from "@rushes/core/upload/plan";
import { connect } from "../../../client/connect.ts";
import { nodeEnvironment } from "../../../client/environment.ts";
import { putOf } from "../../../client/put.ts";
import { uploadFile } from "../../../client/upload.ts";
import { createEngine } from "../../../web/features/upload/engine.ts";
import { api } from "../../../web/features/upload/http.ts";
import type { VirtualClock } from "../../virtual-clock.ts";

export interface Context {
  clock: VirtualClock;
  random(): number;
}

const environment = ({ clock, random }: Context): RetryEnvironment => ({
  random,
  now: clock.now,
  sleep: clock.sleep,
  network: { online: () => true, back: clock.sleep },
  session: { back: () => Promise.reject(new Error("Nobody has to sign in.")) },
});

/** A page with the engine. After `close`, it neither sends nor receives anything, as a tab that was killed. */
export function openPage(context: Context) {
  const tab = { isOpen: true };
  const never = new Promise<never>(() => {});
  /** Settles only while the tab is open. */
  const inTab = <Args extends unknown[], R>(call: (...args: Args) => Promise<R>) =>
    function run(...args: Args): Promise<R> {
      if (!tab.isOpen) return never;
      return call(...args).then(
        (result) => (tab.isOpen ? result : never),
        (error) => (tab.isOpen ? Promise.reject(error) : never),
      );
    };
  const engine = createEngine({
    ...environment(context),
    api: {
      create: inTab(api.create),
      openUploads: inTab(api.openUploads),
      sign: inTab(api.sign),
      parts: inTab(api.parts),
      complete: inTab(api.complete),
      fromId: inTab(api.fromId),
      remove: inTab(api.remove),
    },
    // Node has no XMLHttpRequest.
    put: inTab(putOf({ assertUnchanged: async () => {} })),
    hash: inTab((bytes) => crc64Of(bytes)),
    pool: createPool(),
    polls: createPolls(),
    smallBytes: SINGLE_LIMIT_BYTES,
    every: () => () => {},
    after: (_ms, task) => queueMicrotask(task),
    nextTask: () => new Promise((resolve) => setImmediate(resolve)),
    profile: () => undefined,
  });
  return {
    close() {
      tab.isOpen = false;
    },
    /** Resolves when the upload has ended. Rejects if it has failed. */
    upload: (file: File) =>
      new Promise<void>((resolve, reject) => {
        engine.subscribe(() => {
          const [shown] = engine.state().files;
          if (shown?.status === "done") resolve();
          if (shown?.status === "failed") reject(new Error(JSON.stringify(shown.problem)));
        });
        engine.add([file]);
      }),
  };
}

/** Uploads a file from disk with the client for Node. */
export async function uploadFromDisk(url: string, path: string, context: Context): Promise<void> {
  const env = { ...nodeEnvironment(), ...environment(context) };
  await uploadFile(connect({ url }), path, {}, env);
}

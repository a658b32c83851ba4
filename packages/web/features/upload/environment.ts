import { createPolls, createPool } from "@rushes/core/transfer/pool";
import { SINGLE_LIMIT_BYTES } from "@rushes/core/upload/plan";
import { session } from "../../lib/session/session.ts";
import { pause, WAKE } from "../connection/wake.ts";
import { chosenProfile } from "../profile/profile-field.ts";
import { createHash } from "./hash.ts";
import { api } from "./http.ts";
import { nextTask } from "./next-task.ts";
import { claims, tabs } from "./page-tabs.ts";
import { put } from "./xhr.ts";

/** The browser as the environment of the engine. */
export function browser() {
  return {
    api,
    put,
    hash: createHash(),
    smallBytes: SINGLE_LIMIT_BYTES,
    pool: createPool(),
    polls: createPolls(),
    now: Date.now,
    random: Math.random,
    sleep: (ms: number, signal: AbortSignal) => pause(ms, signal),
    network: {
      online: () => navigator.onLine,
      back: (ms: number, signal: AbortSignal) => pause(ms, signal, WAKE),
    },
    session,
    every(ms: number, task: () => void) {
      const timer = setInterval(task, ms);
      return () => clearInterval(timer);
    },
    after: (ms: number, task: () => void) => void setTimeout(task, ms),
    tabs: { claims, uploadOf: tabs.uploadOf },
    nextTask,
    profile: chosenProfile,
  };
}

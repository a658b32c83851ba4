"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { type Failed, runAll } from "./bulk.ts";
import { countVideos } from "./count-videos.ts";
import * as api from "./requests.ts";
import { JOBS } from "./use-jobs.ts";

/** What can be done to many jobs: what it is called, how many jobs a request takes, and the request. */
export interface Action {
  /** While it runs, for example `Deleting`. */
  doing: string;
  /** Afterwards, for example `deleted`. */
  done: string;
  batch: number;
  act(ids: string[]): Promise<readonly Failed[]>;
}

/** An action with one request for each job. */
const each = (doing: string, done: string, request: (id: string) => Promise<unknown>): Action => ({
  doing,
  done,
  batch: 1,
  async act(ids) {
    for (const id of ids) await request(id);
    return [];
  },
});

export const retryAll = each("Retrying", "retried", (id) => api.retry(id));
export const cancelAll = each("Canceling", "canceled", api.cancel);
export const addTag = (tag: string) =>
  each("Tagging", "tagged", (id) => api.tag(id, { addTags: [tag] }));
export const removeTag = (tag: string) =>
  each("Removing the tag", "changed", (id) => api.tag(id, { removeTags: [tag] }));

type State =
  | { type: "idle" }
  | { type: "running"; action: Action; settled: number; total: number }
  | { type: "ended"; action: Action; failed: (Failed & { title: string })[] };

/** Runs one action at a time on many jobs, with its progress, and then the jobs that it failed for. */
export function useBulk() {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ type: "idle" });

  async function run(action: Action, jobs: readonly Listed[]): Promise<ReadonlySet<string>> {
    const running = { type: "running", action, total: jobs.length } as const;
    setState({ ...running, settled: 0 });
    const failed = await runAll({
      ids: jobs.map(({ id }) => id),
      batch: action.batch,
      act: action.act,
      onProgress: (settled) => setState({ ...running, settled }),
    });
    // Before the state, so that the summary appears beside the list as it is then.
    await client.invalidateQueries({ queryKey: [JOBS] });
    const titles = new Map<string, string>(jobs.map(({ id, title }) => [id, title]));
    const named = failed.map((one) => ({ ...one, title: titles.get(one.id) ?? one.id }));
    setState({ type: "ended", action, failed: named });
    announce(`${countVideos(jobs.length - failed.length)} ${action.done}.`);
    return new Set(failed.map(({ id }) => id));
  }

  return { state, run, dismiss: () => setState({ type: "idle" }) };
}

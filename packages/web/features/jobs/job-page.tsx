"use client";

import { useEffect, useRef } from "react";
import { Deferred } from "../../components/ui/deferred.tsx";
import { usePlayerCode } from "../player/lazy-player.tsx";
import { JobLoading } from "./job-loading.tsx";
import { details } from "./requests.ts";
import type { EarlyDetails } from "./use-job.ts";

const load = () => import("./loaded-job.tsx");

/** Requests the job, and at the same time loads the code that shows it and that of the player. */
export function JobPage({ id }: { id: string }) {
  usePlayerCode();
  const early: EarlyDetails = useRef(undefined);
  useEffect(() => {
    // If it fails, the page requests the job again once its code has loaded.
    early.current = details(id).catch(() => undefined);
  }, [id]);
  return (
    <Deferred load={load} fallback={<JobLoading />}>
      {({ LoadedJob }) => <LoadedJob id={id} early={early} />}
    </Deferred>
  );
}

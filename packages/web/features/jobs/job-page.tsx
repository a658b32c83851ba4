"use client";

import { useEffect, useRef } from "react";
import { Deferred } from "../../components/ui/deferred.tsx";
import { usePlayerCode } from "../player/lazy-player.tsx";
import { JobLoading } from "./job-loading.tsx";
import { type Early, requestEarly } from "./requests.ts";

const load = () => import("./loaded-job.tsx");

type Props = {
  id: string;
  /** Of the job when the server rendered the page. The page requests everything that may have changed. */
  complete: boolean;
  hasStream: boolean;
};

/** Requests the job and what plays, and at the same time loads the code that shows it and that of the player. */
export function JobPage({ id, complete, hasStream }: Props) {
  usePlayerCode(hasStream);
  const early = useRef<Early>(undefined);
  useEffect(() => {
    // What fails is requested again once the page's code has loaded.
    early.current = requestEarly(id, complete);
  }, [id, complete]);
  return (
    <Deferred load={load} fallback={<JobLoading />}>
      {({ LoadedJob }) => <LoadedJob id={id} early={early} />}
    </Deferred>
  );
}

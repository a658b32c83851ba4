"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { claimName } from "./claim-files.ts";
import { neverAborted } from "./file-task.ts";
import { api } from "./http.ts";
import { keptFile } from "./kept-files.ts";
import { UPLOADS } from "./open-uploads.ts";
import { claims, tabs } from "./page-tabs.ts";
import { takeOver } from "./take-over.ts";
import { useProvided } from "./use-uploads.ts";

/** A tab that has crashed broadcasts nothing. */
const CHECK_MS = 2_000;

/** The names that other tabs have claimed. Looks for them again after each broadcast. */
function useTaken(isNeeded: boolean): ReadonlySet<string> {
  const client = useQueryClient();
  const [taken, setTaken] = useState("");
  useEffect(() => {
    let isCurrent = true;
    const check = async () => {
      const names = JSON.stringify([...(await claims.taken())].sort());
      if (isCurrent) setTaken(names);
    };
    void check();
    const timer = isNeeded ? setInterval(check, CHECK_MS) : undefined;
    const stop = tabs.subscribe(() => void check());
    return () => {
      isCurrent = false;
      clearInterval(timer);
      stop();
    };
  }, [isNeeded]);
  useEffect(() => {
    // What another tab has begun or ended changes the list.
    if (taken !== "") void client.invalidateQueries({ queryKey: UPLOADS });
  }, [client, taken]);
  return new Set(taken === "" ? [] : JSON.parse(taken));
}

/**
 * How many bytes of these uploads other tabs have sent, by the id of the upload. Only of those that another tab sends now.
 */
export function useElsewhere(
  uploads: readonly Upload[],
): ReadonlyMap<string, { sentBytes: number | undefined }> {
  const taken = useTaken(uploads.length > 0);
  const elsewhere = uploads.filter((upload) => taken.has(claimName(upload)));
  useSyncExternalStore(
    tabs.subscribe,
    () => elsewhere.map(({ id }) => tabs.sentBytes(id)).join(" "),
    () => "",
  );
  return new Map(elsewhere.map(({ id }) => [id, { sentBytes: tabs.sentBytes(id) }]));
}

const isOpen = async (id: string) => (await api.fromId(id, neverAborted)).status === "open";

/**
 * Mount it for an upload that another tab sends: continues it here when that tab has closed, if the browser may read the
 * file.
 */
export function TakeOver({ upload }: { upload: Upload }) {
  const { engine: uploads } = useProvided();
  const engine = uploads.engine();
  useEffect(() => {
    if (!engine) return;
    const gone = new AbortController();
    takeOver(upload, { engine, claims, keptFile, isOpen }, gone.signal).catch(() => {});
    return () => gone.abort();
  }, [engine, upload]);
  return null;
}

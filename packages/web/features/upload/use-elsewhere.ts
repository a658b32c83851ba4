"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { claimName } from "./claim-files.ts";
import { api } from "./http.ts";
import { keptFile } from "./kept-files.ts";
import { UPLOADS } from "./open-uploads.ts";
import { claims, tabs } from "./page-tabs.ts";
import { takeOver } from "./take-over.ts";
import { useProvided } from "./use-uploads.ts";

/** A tab that has crashed says nothing. */
const CHECK_MS = 2_000;

/** The names that other tabs have claimed. Looks for them again when another tab says something. */
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
 * How many bytes of these uploads other tabs have sent, by the id of the upload. Continues one here when its tab has closed,
 * if the browser may read the file.
 */
export function useElsewhere(
  uploads: readonly Upload[],
): ReadonlyMap<string, { sentBytes: number | undefined }> {
  const { engine } = useProvided();
  const taken = useTaken(uploads.length > 0);
  const elsewhere = uploads.filter((upload) => taken.has(claimName(upload)));
  const ids = elsewhere.map(({ id }) => id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids stand for the uploads
  useEffect(() => {
    const gone = new AbortController();
    const loaded = engine.engine();
    if (!loaded) return;
    const isOpen = async (id: string) =>
      (await api.fromId(id, new AbortController().signal)).status === "open";
    for (const upload of elsewhere) {
      void takeOver(upload, { engine: loaded, claims, keptFile, isOpen }, gone.signal).catch(
        () => {},
      );
    }
    return () => gone.abort();
  }, [engine, ids]);
  useSyncExternalStore(
    tabs.subscribe,
    () => elsewhere.map(({ id }) => tabs.sentBytes(id)).join(" "),
    () => "",
  );
  return new Map(elsewhere.map(({ id }) => [id, { sentBytes: tabs.sentBytes(id) }]));
}

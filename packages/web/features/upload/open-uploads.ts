"use client";

import type { Part, Info as Upload } from "@rushes/core/upload/schema";
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { ACCOUNT } from "../../lib/account/account.ts";
import { call } from "../../lib/api-client/call.ts";
import { allOpen, type Page } from "./all-open.ts";

export const UPLOADS = ["uploads", "open"];
/** What has arrived of an upload that nobody sends changes only if another device continues it. */
const PARTS_STALE_MS = 30_000;

/** All open uploads of the user, newest first. */
export function useOpenUploads() {
  return useQuery({
    queryKey: UPLOADS,
    queryFn: ({ signal }) => allOpen((query) => call<Page>(`/uploads?${query}`, { signal })),
  });
}

export function useDiscardUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Upload) => call<void>(`/uploads/${id}`, { method: "DELETE" }),
    onSettled: () =>
      Promise.all([UPLOADS, [ACCOUNT]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** How many bytes of each upload have arrived, by its id. Uploads whose parts are not known yet are left out. */
export function useArrivedBytes(uploads: readonly Upload[]): ReadonlyMap<string, number> {
  return useQueries({
    queries: uploads.map(({ id, plan }) => ({
      queryKey: ["uploads", "parts", id],
      staleTime: PARTS_STALE_MS,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        // A single PUT arrives as a whole, and then the upload is no longer open.
        if (plan.kind === "single") return { id, bytes: 0 };
        const { parts } = await call<{ parts: Part[] }>(`/uploads/${id}/parts`, { signal });
        return { id, bytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0) };
      },
    })),
    combine: (results) =>
      new Map(results.flatMap(({ data }) => (data ? [[data.id, data.bytes] as const] : []))),
  });
}

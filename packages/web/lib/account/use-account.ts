"use client";

import { useQuery } from "@tanstack/react-query";
import { ACCOUNT, fetchAccount } from "./account.ts";

/** The account whose page this is. */
export function useAccount() {
  return useQuery({
    queryKey: [ACCOUNT],
    queryFn: ({ signal }) => fetchAccount(signal),
    staleTime: 60_000,
  });
}

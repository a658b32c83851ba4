"use client";

import { useQuery } from "@tanstack/react-query";
import { ACCOUNT, fetchAccount } from "./account.ts";

/** The account of the page's user. */
export function useAccount() {
  return useQuery({
    queryKey: [ACCOUNT],
    queryFn: ({ signal }) => fetchAccount(signal),
    staleTime: 60_000,
  });
}

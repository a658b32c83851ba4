"use client";

import type { Info as Token } from "@rushes/core/token/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ACCOUNT } from "../../lib/account/account.ts";
import * as api from "./requests.ts";

const TOKENS = ["tokens"];
const SESSIONS = ["sessions"];

export function useResumeEmail() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: api.resumeEmail,
    onSuccess: () => client.invalidateQueries({ queryKey: [ACCOUNT] }),
  });
}

export function useTokens() {
  return useQuery({ queryKey: TOKENS, queryFn: ({ signal }) => api.tokens(signal) });
}

export function useTokenActions() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: TOKENS });
  return {
    // The secret must not outlive the dialog that shows it.
    create: useMutation({ mutationFn: api.createToken, gcTime: 0, onSuccess }),
    revoke: useMutation({ mutationFn: ({ id }: Token) => api.revokeToken(id), onSuccess }),
  };
}

export function useSessions() {
  return useQuery({ queryKey: SESSIONS, queryFn: ({ signal }) => api.sessions(signal) });
}

/** Ends sessions one after another: there are few, and the API has no route for all others. */
export function useEndSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await api.endSession(id);
    },
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

import type { Info as Session } from "@rushes/core/session/schema";
import type { New, Info as Token } from "@rushes/core/token/schema";
import { call } from "../../lib/api-client/call.ts";

export const resumeEmail = () => call<void>("/account/mail-hold", { method: "DELETE" });

export const tokens = (signal?: AbortSignal) => call<{ tokens: Token[] }>("/tokens", { signal });

export const createToken = (body: New) =>
  call<{ token: Token; secret: string }>("/tokens", { method: "POST", body });

export const revokeToken = (id: string) => call<void>(`/tokens/${id}`, { method: "DELETE" });

export const sessions = (signal?: AbortSignal) =>
  call<{ sessions: Session[] }>("/account/sessions", { signal });

export const endSession = (id: string) =>
  call<void>(`/account/sessions/${id}`, { method: "DELETE" });

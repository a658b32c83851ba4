import type { Info as AuditEvent } from "@rushes/core/audit/schema";
import type { Queue, Redriven } from "@rushes/core/dead-letter/schema";
import type { Info as Deployment } from "@rushes/core/deployment/schema";
import type { Info as User } from "@rushes/core/user/schema";
import type { Suppression } from "@rushes/core/user/suppression";
import { call } from "../../lib/api-client/call.ts";

/** A user, as admins see it. */
export type ListedUser = User & { mailHeld?: Suppression };
export type UserPage = { users: ListedUser[]; cursor?: string };
export type AuditPage = { events: AuditEvent[]; cursor?: string };
export type DeploymentPage = { deployments: Deployment[]; cursor?: string };

const query = (params: Record<string, string | undefined>) => {
  const given = Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
};

export const users = (page: { cursor?: string; limit?: string }, signal?: AbortSignal) =>
  call<UserPage>(`/admin/users${query(page)}`, { signal });

export const setDisabled = ({ id, disabled }: { id: string; disabled: boolean }) =>
  call<{ user: User }>(`/admin/users/${id}`, { method: "PATCH", body: { disabled } });

export const endSessions = (id: string) =>
  call<void>(`/admin/users/${id}/sessions`, { method: "DELETE" });

export const resumeEmail = (id: string) =>
  call<void>(`/admin/users/${id}/mail-hold`, { method: "DELETE" });

export const audit = (page: { day: string; cursor?: string }, signal?: AbortSignal) =>
  call<AuditPage>(`/admin/audit${query(page)}`, { signal });

export const deployments = (page: { cursor?: string }, signal?: AbortSignal) =>
  call<DeploymentPage>(`/admin/deployments${query(page)}`, { signal });

/** The most pages of 100 users that are searched. */
const MAX_PAGES = 5;

/** The user with this ID; null if it is not among the first five hundred. */
export async function findUser(id: string, signal?: AbortSignal): Promise<User | null> {
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page: UserPage = await users({ cursor, limit: "100" }, signal);
    const found = page.users.find((user) => user.id === id);
    if (found) return found;
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return null;
}

export const deadLetters = (signal?: AbortSignal) =>
  call<{ queues: Queue[] }>("/admin/dead-letters", { signal });

export const redrive = (queue: string) =>
  call<Redriven>("/admin/dead-letters/redrive", { method: "POST", body: { queue } });

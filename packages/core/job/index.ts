import type { JobId } from "../id.ts";
import type * as Rendition from "../rendition/schema.ts";
import type { Change, Event, Listed } from "./schema.ts";
import type { Status } from "./status.ts";

export { Failure } from "./failure.ts";
export { Change, Event, Info, Listed } from "./schema.ts";

export interface Details {
  job: Listed;
  renditions: Rendition.Info[];
  events: Event[];
}
export interface Page {
  jobs: Listed[];
  cursor?: string;
}
export interface Changes {
  changes: Change[];
  nextSince: string;
  more: boolean;
}

export async function list(_input: {
  status?: Status;
  q?: string;
  cursor?: string;
  limit?: number;
}): Promise<Page> {
  throw new Error("not yet");
}
export async function changedSince(_input: { since: string }): Promise<Changes> {
  throw new Error("not yet");
}
export async function details(_id: JobId): Promise<Details> {
  throw new Error("not yet");
}
export async function retry(_id: JobId): Promise<Listed> {
  throw new Error("not yet");
}
export async function cancel(_id: JobId): Promise<Listed> {
  throw new Error("not yet");
}
export async function remove(_id: JobId): Promise<void> {
  throw new Error("not yet");
}
export async function rename(_input: { id: JobId; title: string }): Promise<Listed> {
  throw new Error("not yet");
}

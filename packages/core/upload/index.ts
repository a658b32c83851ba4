import type { Code } from "../error.ts";
import type { UploadId } from "../id.ts";
import type { Info, SignedRequest } from "./schema.ts";

export { Info, Plan, SignedRequest, STATUSES } from "./schema.ts";

export interface NewFile {
  name: string;
  sizeBytes: number;
  contentType: string;
  fingerprint?: string;
}
export type Created =
  | { upload: Info; requests: SignedRequest[]; error?: undefined }
  | { error: { code: Code; message: string }; upload?: undefined; requests?: undefined };
export interface Part {
  partNumber: number;
  etag: string;
  sizeBytes: number;
}

export async function create(_input: { files: NewFile[] }): Promise<Created[]> {
  throw new Error("not yet");
}
export async function sign(_input: {
  id: UploadId;
  partNumbers?: number[];
}): Promise<SignedRequest[]> {
  throw new Error("not yet");
}
export async function parts(_id: UploadId): Promise<Part[]> {
  throw new Error("not yet");
}
export async function complete(_id: UploadId): Promise<Info> {
  throw new Error("not yet");
}
export async function remove(_id: UploadId): Promise<void> {
  throw new Error("not yet");
}
export async function list(_input: { status: Info["status"] }): Promise<Info[]> {
  throw new Error("not yet");
}
export async function fromId(_id: UploadId): Promise<Info> {
  throw new Error("not yet");
}

import * as z from "zod";
import { JobId, ShareId } from "../id.ts";
import { Info as Playback } from "../playback/schema.ts";
import { isHost, LOOPBACK } from "./host.ts";

/** `https://example.com`, without a path; http on loopback only. */
const Origin = z
  .url()
  .max(200)
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, {
    error: "is no origin; write it like https://example.com",
  })
  // A host may contain `;` and `*`, which have another meaning in the header that this becomes part of.
  .refine((text) => URL.canParse(text) && isHost(new URL(text).hostname), {
    error: "must name one host, like https://example.com",
  })
  .refine((text) => /^https:/.test(text) || (/^http:/.test(text) && isLoopback(text)), {
    error: "must begin with https://",
  });

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.has(new URL(origin).hostname);
}

/** The input for a new share. */
export const New = z.object({
  /** Hours until it expires. Without it, the share lasts until it is revoked. */
  expiresInHours: z.number().int().min(1).max(8760).optional(),
  password: z.string().min(4).max(200).optional(),
  /** Origins of pages that may frame the player. If empty, none may. */
  origins: z.array(Origin).max(20).default([]),
  /** Whether visitors can play the source while it is encoded. */
  allowsOriginal: z.boolean().optional(),
  /** Whether visitors can download the MP4 and M4A files. */
  allowsDownloads: z.boolean().optional(),
  /**
   * Whether sites that preview the link show the title, the poster and the length. Without effect if there is a
   * password.
   */
  allowsPreview: z.boolean().optional(),
});
export type New = z.infer<typeof New>;

/** A share of one video, as its owner sees it. */
export const Info = z.object({
  id: ShareId,
  jobId: JobId,
  /** The page that plays the video. */
  url: z.url(),
  /** The URL for a frame. Present only if there are origins. */
  embedUrl: z.url().optional(),
  hasPassword: z.boolean(),
  origins: z.array(z.string()),
  allowsOriginal: z.boolean(),
  allowsDownloads: z.boolean(),
  allowsPreview: z.boolean(),
  time: z.object({ created: z.iso.datetime(), expires: z.iso.datetime().optional() }),
});
export type Info = z.infer<typeof Info>;

/** What a visitor gets: no ids, downloads only if the link allows them, and URLs that expire within a minute. */
export const Opened = z.object({
  title: z.string(),
  durationSeconds: z.number().optional(),
  /** Replaces the password in the visitor's next requests. */
  pass: z.string().optional(),
  playback: Playback.pick({
    expires: true,
    complete: true,
    posterUrl: true,
    hls: true,
    source: true,
    captions: true,
    chapters: true,
  }).extend({
    renditions: z.array(Playback.shape.renditions.element.partial({ downloadUrl: true })),
  }),
});
export type Opened = z.infer<typeof Opened>;

/** What a link that allows previews tells the sites where it is posted. */
export interface Preview {
  title: string;
  durationSeconds: number | undefined;
  url: string;
  embedUrl: string | undefined;
  /** Of the video's picture, in pixels. Undefined if it has only sound. */
  size: { width: number; height: number } | undefined;
  /** Signed for a minute. Undefined if there is no poster. */
  posterUrl: string | undefined;
}

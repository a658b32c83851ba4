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
  // An address may hold `;` and `*`, which say something else in the header that this becomes part of.
  .refine((text) => URL.canParse(text) && isHost(new URL(text).hostname), {
    error: "must name one host, like https://example.com",
  })
  .refine((text) => /^https:/.test(text) || (/^http:/.test(text) && isLoopback(text)), {
    error: "must begin with https://",
  });

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.has(new URL(origin).hostname);
}

/** What a share is made of. */
export const New = z.object({
  /** Hours until it ends; without it, it stays until it is revoked. */
  expiresInHours: z.number().int().min(1).max(8760).optional(),
  password: z.string().min(4).max(200).optional(),
  /** Pages that may frame the player; without any, none may. */
  origins: z.array(Origin).max(20).default([]),
});
export type New = z.infer<typeof New>;

/** A share of one video, as its owner sees it. */
export const Info = z.object({
  id: ShareId,
  jobId: JobId,
  /** The page that plays the video. */
  url: z.url(),
  /** The same for a frame; only where there are origins. */
  embedUrl: z.url().optional(),
  hasPassword: z.boolean(),
  origins: z.array(z.string()),
  time: z.object({ created: z.iso.datetime(), expires: z.iso.datetime().optional() }),
});
export type Info = z.infer<typeof Info>;

/** What a visitor gets: no downloads, no ids, addresses that end within a minute. */
export const Opened = z.object({
  title: z.string(),
  durationSeconds: z.number().optional(),
  /** Stands for the password when the visitor asks again. */
  pass: z.string().optional(),
  playback: Playback.pick({ expires: true, posterUrl: true }).extend({
    renditions: z.array(Playback.shape.renditions.element.omit({ downloadUrl: true })),
  }),
});
export type Opened = z.infer<typeof Opened>;

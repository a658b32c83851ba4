import type { Info } from "@rushes/core/playback/schema";

type Rendition = Info["renditions"][number];

/** The signed URLs that a player needs. Visitors get download URLs only if their link allows it. */
export type Playable = Pick<Info, "expires" | "complete" | "posterUrl" | "chapters"> & {
  renditions: (Omit<Rendition, "downloadUrl"> & Partial<Pick<Rendition, "downloadUrl">>)[];
  /** The multivariant playlist. Its query also signs every other file of its folder. */
  hls?: { url: string; expires: string } | undefined;
  /** The original, while it may play before the encode is complete. */
  source?: { url: string; type: string } | undefined;
  captions?: { id: string; language?: string | undefined; name: string; url: string }[] | undefined;
};

/** What the video element can play: adaptive HLS, one MP4, or the original. */
export type OfferId = "hls" | Rendition["label"] | "original";
export type Offer = {
  id: OfferId;
  url: string;
  /** When the URL expires, in milliseconds since the epoch. */
  expiresAtMs: number;
};

/** What this browser can play. */
export type Abilities = {
  hls: boolean;
  /** A media type with its codecs, such as `video/mp4; codecs="avc1.64001f, mp4a.40.2"`. */
  type(type: string): boolean;
};

/** Best first. An early viewer of an unfinished job gets what is ready. */
const PREFERRED: readonly OfferId[] = ["hls", "1080p", "720p", "web-720p"];

function rank(id: OfferId): number {
  if (id === "original") return PREFERRED.length + 1;
  const index = PREFERRED.indexOf(id);
  return index === -1 ? PREFERRED.length : index;
}

/** The offers in the order in which a player prefers them and a picker shows them. */
export function inOrder<O extends { id: OfferId }>(offers: readonly O[]): O[] {
  return [...offers].sort((a, b) => rank(a.id) - rank(b.id));
}

/** True if the response has anything to play. */
export function hasMedia({
  renditions,
  hls,
  source,
}: Pick<Playable, "renditions" | "hls" | "source">): boolean {
  return renditions.length > 0 || hls !== undefined || source !== undefined;
}

/**
 * The job of the response, for what a browser remembers about it. Media lie below `media/<job>/`. Undefined while only
 * the original can play.
 */
export function videoOf({ renditions, hls }: Playable): string | undefined {
  return /\/media\/(job_\w+)\//.exec(hls?.url ?? renditions[0]?.url ?? "")?.[1];
}

/** Everything in the response that this browser can play, best first. */
export function offersOf(playback: Playable, can: Abilities): Offer[] {
  const { renditions, hls, source } = playback;
  const expiresAtMs = Date.parse(playback.expires);
  const offers: Offer[] = renditions.map(({ label, url }) => ({ id: label, url, expiresAtMs }));
  if (hls && can.hls) {
    offers.push({ id: "hls", url: hls.url, expiresAtMs: Date.parse(hls.expires) });
  }
  if (source && can.type(source.type)) {
    offers.push({ id: "original", url: source.url, expiresAtMs });
  }
  return inOrder(offers);
}

/**
 * What the browser of this page can play. Native HLS does not count: it would request the other files of the folder
 * without the signature.
 */
export const browserAbilities: Abilities = {
  get hls() {
    return "MediaSource" in window || "ManagedMediaSource" in window;
  },
  type: (type) => document.createElement("video").canPlayType(type) !== "",
};

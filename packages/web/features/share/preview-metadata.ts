import { fitInto } from "@rushes/core/rendition/fit";
import { POSTER } from "@rushes/core/rendition/preset";
import type { Preview } from "@rushes/core/share/schema";
import type { Metadata } from "next";

/** Open Graph, a Twitter card, and the URL of the oEmbed response, for the page of a link that allows previews. */
export function previewMetadata(preview: Preview): Metadata {
  const { title, url, embedUrl, size, durationSeconds, posterUrl } = preview;
  const { origin } = new URL(url);
  // The route checks the link each time. A signed URL would end while the preview is still shown.
  const poster = {
    url: `${url.replace("/watch/", "/api/watch/")}/poster`,
    ...(size && fitInto(POSTER, size)),
  };
  const images = posterUrl === undefined ? [] : [poster];
  return {
    title: { absolute: title },
    alternates: {
      types: {
        "application/json+oembed": `${origin}/api/oembed?url=${encodeURIComponent(url)}`,
      },
    },
    openGraph: {
      type: "video.other",
      siteName: "Rushes",
      title,
      url,
      images,
      ...(embedUrl !== undefined && { videos: [{ url: embedUrl, type: "text/html", ...size }] }),
      ...(durationSeconds !== undefined && { duration: Math.round(durationSeconds) }),
    },
    twitter: {
      card: images.length > 0 ? "summary_large_image" : "summary",
      title,
      images,
    },
  };
}

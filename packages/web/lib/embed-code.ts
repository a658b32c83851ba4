const ENTITIES: Record<string, string> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** The HTML that embeds a video in a page, as wide as the page allows, with the shape of the video. */
export function embedCode(input: {
  url: string;
  title: string;
  size?: { width: number; height: number } | undefined;
}): string {
  const title = input.title.replace(/[&"<>]/g, (character) => ENTITIES[character] ?? "");
  const { width, height } = input.size ?? { width: 16, height: 9 };
  return `<iframe src="${input.url}" title="${title}" style="border:0;width:100%;aspect-ratio:${width}/${height}" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy" referrerpolicy="no-referrer"></iframe>`;
}

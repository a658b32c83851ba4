import { Strokes } from "./icon.tsx";

const PATHS = {
  download: "M10 3v10m0 0 4-4m-4 4L6 9M3 13v2.5A1.5 1.5 0 0 0 4.5 17h11a1.5 1.5 0 0 0 1.5-1.5V13",
  trash: "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5",
  pencil: "M3.5 16.5 4.4 13 13.5 3.9a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2L7 15.6z",
  check: "m4 10.5 4 4 8-9",
  user: "M13.2 7a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0zM3.8 16.8a6.3 6.3 0 0 1 12.4 0",
  cards: "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
  table: "M3.5 5h13M3.5 10h13M3.5 15h13",
  sliders:
    "M3 6h8m4 0h2M3 14h2m4 0h8M15 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM9 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  copy: "M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7",
  sun: "M10 2v1.5m0 13V18M2 10h1.5m13 0H18M4.3 4.3l1.1 1.1m9.2 9.2 1.1 1.1M4.3 15.7l1.1-1.1m9.2-9.2 1.1-1.1M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0z",
  moon: "M16.5 11.6A6.8 6.8 0 0 1 8.4 3.5a6.8 6.8 0 1 0 8.1 8.1z",
  share:
    "M6.8 8.9 13.2 5.6M6.8 11.1l6.4 3.3M7 10a2.2 2.2 0 1 1-4.4 0A2.2 2.2 0 0 1 7 10zm10.4-5.4a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zm0 10.8a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
} as const;

/**
 * An icon that only the server renders, or that appears only with a video, a menu or a dialog. Decoration only, like
 * `Icon`.
 */
export function ActionIcon({ name, className }: { name: keyof typeof PATHS; className?: string }) {
  return <Strokes path={PATHS[name]} className={className} />;
}

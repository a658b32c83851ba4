/** `1 video`, `3 videos`. */
export function countVideos(count: number): string {
  return count === 1 ? "1 video" : `${count} videos`;
}

/** The containers that a file picker offers, beside those that the browser includes in `video/*`. */
export const EXTENSIONS = [
  ...[".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mxf", ".ts", ".m2ts", ".mts"],
  ...[".wmv", ".flv", ".mpg", ".mpeg", ".3gp", ".ogv"],
];

/** Types for containers that browsers do not know; they know few. */
const TYPES: Record<string, string> = {
  mov: "video/quicktime",
  mkv: "video/x-matroska",
  avi: "video/x-msvideo",
  mxf: "application/mxf",
  ts: "video/mp2t",
};

/** The file's own type, or else the type of its extension. */
export function contentTypeOf(file: { name: string; type: string }): string {
  const extension = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  return file.type || TYPES[extension] || "application/octet-stream";
}

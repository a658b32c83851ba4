/** What the tests of access send to a route. */
import { JPEG } from "@rushes/testing/jpeg";

/** A text in all of the owner's data. No other caller may receive it. */
export const MARK = "hers-and-nobody-elses";
export const VTT = `WEBVTT\n\n00:01.000 --> 00:02.000\n${MARK}\n`;
export const FILE = { name: `${MARK}.mp4`, sizeBytes: 5, contentType: "video/mp4" };

/** The JSON that a route requires as its body. `id` is that of the record. */
export function bodyOf(route: string, { id }: { id: string }): unknown {
  const bodies: Record<string, unknown> = {
    "POST /watch/{address}": {},
    "POST /uploads": { files: [{ ...FILE, name: "clip.mp4" }] },
    "POST /uploads/{id}/sign": {},
    "PATCH /jobs/{id}": { title: "Renamed" },
    "POST /jobs/delete": { ids: [id] },
    "PATCH /jobs/{id}/captions/{captions}": { name: "Renamed" },
    "POST /jobs/{id}/shares": {},
    "POST /tokens": { name: "a token", scopes: ["read"], expiresInDays: 1 },
    "POST /keys": { name: "a key" },
    "PATCH /admin/users/{id}": { disabled: true },
    "POST /admin/dead-letters/redrive": { queue: "work-dead" },
  };
  return bodies[route];
}

/** The file that a route requires as its body. */
export function fileOf(route: string) {
  if (route.startsWith("POST /jobs/{id}/captions")) return { type: "text/vtt", body: VTT };
  if (route.startsWith("PUT /jobs/{id}/poster")) return { type: "image/jpeg", body: JPEG };
  return undefined;
}

import { languageTag } from "../language.ts";
import { type Element, elements, ID, textIn, unsigned } from "./ebml.ts";
import { segmentElement } from "./matroska.ts";
import type { Read } from "./read.ts";
import type { SourceTrack } from "./schema.ts";

/** Fonts are attachments: a track has little more than its codec's headers. */
const MOST_BYTES = 256 * 1024;
const TYPES: Readonly<Record<number, SourceTrack["type"]>> = { 2: "audio", 17: "text" };

/** The tracks of a Matroska or WebM file (RFC 9559, section 5.1.4), which are before its first cluster. */
export async function matroskaTracks(read: Read): Promise<SourceTrack[]> {
  const found = await segmentElement(read, ID.tracks);
  if (!found) return [];
  const bytes = await read(found.body, Math.min(found.size ?? MOST_BYTES, MOST_BYTES));
  return [...elements(bytes, 0, bytes.length)]
    .filter(({ id }) => id === ID.track)
    .map((track) => trackOf(bytes, track));
}

function trackOf(bytes: Uint8Array, { body, size }: Element): SourceTrack {
  const parts = [...elements(bytes, body, size === undefined ? bytes.length : body + size)];
  const number = (id: number) => {
    const part = parts.find((one) => one.id === id);
    return part && unsigned(bytes, part);
  };
  const text = (id: number) => {
    const part = parts.find((one) => one.id === id);
    return part && textIn(bytes, part);
  };
  return {
    type: TYPES[number(ID.trackType) ?? 0] ?? "other",
    format: text(ID.codec) ?? "",
    // The defaults of the format: English, and a track that plays by default.
    language: languageTag((text(ID.languageTag) ?? text(ID.language) ?? "eng").split("-")[0]),
    isDefault: number(ID.isDefault) !== 0,
  };
}

/** The codec of a track, as in RFC 6381, from its initialization segment. */
export function codecOf(init: Buffer): string {
  const avc = init.indexOf("avcC");
  if (avc < 0) return "mp4a.40.2"; // AAC-LC is the only other codec.
  // The box's version, then the profile, the constraints and the level.
  return `avc1.${init.subarray(avc + 5, avc + 8).toString("hex")}`;
}

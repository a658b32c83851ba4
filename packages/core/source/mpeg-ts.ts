/** The layout of a transport stream's packets in a file, in bytes. */
export interface Packets {
  /** Where the first packet's sync byte is. */
  offset: number;
  /** From one sync byte to the next: 188, or 192 with a timestamp before each packet, or 204 with parity after it. */
  spacing: 188 | 192 | 204;
}

const SYNC = 0x47;
const SPACINGS = [188, 192, 204] as const;
/** A recording that was split by size begins inside a packet. A capture may have other bytes first. */
const MOST_STRAY_BYTES = 8192;
/** Three packets at the file's start are no coincidence. Elsewhere, with so many offsets, it takes eight. */
const PACKETS_AT_START = 3;
const PACKETS_ELSEWHERE = 8;

/** Finds the packets of a transport stream, even after stray bytes. Undefined if there are none. */
export function packetsOf(bytes: Uint8Array): Packets | undefined {
  for (const [offset, spacing] of [[0, 188] as const, [4, 192] as const, [0, 204] as const]) {
    if (syncs(bytes, offset, spacing, PACKETS_AT_START)) return { offset, spacing };
  }
  const last = Math.min(MOST_STRAY_BYTES, bytes.length);
  for (let offset = 0; offset < last; offset += 1) {
    if (bytes[offset] !== SYNC) continue;
    const spacing = SPACINGS.find((one) => syncs(bytes, offset, one, PACKETS_ELSEWHERE));
    if (spacing) return { offset, spacing };
  }
  return undefined;
}

function syncs(bytes: Uint8Array, offset: number, spacing: number, packets: number): boolean {
  for (let number = 0; number < packets; number += 1) {
    if (bytes[offset + number * spacing] !== SYNC) return false;
  }
  return true;
}

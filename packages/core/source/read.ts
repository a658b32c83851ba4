/** Reads up to `length` bytes of the object from `offset`. Returns fewer at its end. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>;

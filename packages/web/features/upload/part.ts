import type { Plan } from "@rushes/core/upload/schema";

/** One request's share of a file: bytes `start` up to, not including, `end`. */
export interface Piece {
  /** Absent where the whole file travels in one PUT. */
  partNumber?: number;
  start: number;
  end: number;
}

/** The pieces of a file under its plan, in order, covering every byte once. */
export function pieces(plan: Plan, sizeBytes: number): Piece[] {
  if (plan.kind === "single") return [{ start: 0, end: sizeBytes }];
  return Array.from({ length: plan.partCount }, (_, index) => ({
    partNumber: index + 1,
    start: index * plan.partSizeBytes,
    end: Math.min((index + 1) * plan.partSizeBytes, sizeBytes),
  }));
}

/** The pieces that have not arrived: what the server listed counts only at the size we would send. */
export function missing(
  all: Piece[],
  arrived: { partNumber: number; sizeBytes: number }[],
): Piece[] {
  const sizes = new Map(arrived.map((part) => [part.partNumber, part.sizeBytes]));
  return all.filter(
    (piece) =>
      piece.partNumber === undefined || sizes.get(piece.partNumber) !== piece.end - piece.start,
  );
}

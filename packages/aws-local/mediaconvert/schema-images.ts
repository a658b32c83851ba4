/** The settings of the pictures for a player's timeline that this encoder supports. */
import * as z from "zod";

export const CmafImageSettings = z
  .strictObject({
    intervalCadence: z.literal("FOLLOW_CUSTOM"),
    /** Seconds. */
    thumbnailInterval: z.number().positive().max(3600),
    thumbnailWidth: z.int().min(8).max(4096).multipleOf(8).default(312),
    thumbnailHeight: z.int().min(2).max(4096).multipleOf(2).optional(),
    /** Pictures in a row. */
    tileWidth: z.int().min(1).max(512),
    /** Rows. */
    tileHeight: z.int().min(1).max(2048),
  })
  .refine(({ thumbnailHeight = 0, tileHeight }) => thumbnailHeight * tileHeight <= 4096, {
    path: ["tileHeight"],
    message: "a tile is at most 4096 pixels high",
  });
export type CmafImageSettings = z.infer<typeof CmafImageSettings>;

/** The audio settings of CreateJob that this encoder supports. */
import * as z from "zod";

/** How many channels each coding mode has. */
export const CHANNELS = { CODING_MODE_1_0: 1, CODING_MODE_2_0: 2, CODING_MODE_5_1: 6 } as const;

/** A language of ISO 639-2 or 639-3 in capitals, as in AWS's list. */
const languageCode = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be three capital letters")
  .optional();
/** A language of ISO 639 or RFC 5646. */
const customLanguageCode = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9-]+)?$/, "must be a language such as eng or de-CH")
  .optional();

export const LanguageSettings = {
  languageCode,
  customLanguageCode,
};

/** Gains in dB, one for each input channel. -60 is silence. */
const OutputChannel = z
  .strictObject({
    inputChannels: z.array(z.int().min(-60).max(6)).optional(),
    inputChannelsFineTune: z.array(z.number().min(-60).max(6)).optional(),
  })
  .refine(
    ({ inputChannels, inputChannelsFineTune }) => !inputChannels !== !inputChannelsFineTune,
    "must have either inputChannels or inputChannelsFineTune",
  );

const RemixSettings = z
  .strictObject({
    channelMapping: z.strictObject({ outputChannels: z.array(OutputChannel).min(1) }),
    channelsIn: z.int().min(1).max(64),
    channelsOut: z.int().min(1).max(64),
  })
  .refine(
    (remix) =>
      remix.channelMapping.outputChannels.length === remix.channelsOut &&
      gainsOf(remix).every((gains) => gains.length === remix.channelsIn),
    { path: ["channelMapping"], message: "must have channelsOut lists of channelsIn gains" },
  );

/** The gains of a remix in dB, one list for each output channel. */
export function gainsOf(remix: {
  channelMapping: { outputChannels: z.infer<typeof OutputChannel>[] };
}): number[][] {
  return remix.channelMapping.outputChannels.map(
    ({ inputChannels, inputChannelsFineTune }) => inputChannels ?? inputChannelsFineTune ?? [],
  );
}

export const AudioDescription = z
  .strictObject({
    audioSourceName: z.string().optional(),
    // No output states its audio type.
    audioTypeControl: z.enum(["FOLLOW_INPUT", "USE_CONFIGURED"]).optional(),
    audioType: z.int().min(0).max(255).optional(),
    languageCodeControl: z.enum(["FOLLOW_INPUT", "USE_CONFIGURED"]).default("FOLLOW_INPUT"),
    ...LanguageSettings,
    streamName: z.string().optional(),
    remixSettings: RemixSettings.optional(),
    codecSettings: z.strictObject({
      codec: z.literal("AAC"),
      aacSettings: z.strictObject({
        audioDescriptionBroadcasterMix: z.literal("NORMAL").optional(),
        codecProfile: z.literal("LC").optional(),
        codingMode: z.enum(["CODING_MODE_1_0", "CODING_MODE_2_0", "CODING_MODE_5_1"]),
        rateControlMode: z.literal("CBR").optional(),
        bitrate: z.int().min(6000).max(1_024_000),
        sampleRate: z.int().min(8000).max(96_000),
        specification: z.literal("MPEG4").optional(),
        rawFormat: z.literal("NONE").optional(),
      }),
    }),
  })
  .superRefine(({ remixSettings, codecSettings }, check) => {
    const channels = CHANNELS[codecSettings.aacSettings.codingMode];
    if (!remixSettings || remixSettings.channelsOut === channels) return;
    check.addIssue({
      code: "custom",
      path: ["remixSettings", "channelsOut"],
      message: `must be the ${channels} of codingMode`,
    });
  });
export type AudioDescription = z.infer<typeof AudioDescription>;

export const AudioSelector = z
  .strictObject({
    defaultSelection: z.enum(["DEFAULT", "NOT_DEFAULT"]).optional(),
    selectorType: z.enum(["TRACK", "LANGUAGE_CODE"]).default("TRACK"),
    tracks: z.array(z.int().min(1)).min(1).optional(),
    ...LanguageSettings,
    offset: z.literal(0).optional(),
    programSelection: z.literal(1).optional(),
    audioDurationCorrection: z.literal("DISABLED").optional(),
  })
  .superRefine((selector, check) => {
    if (selector.selectorType === "TRACK") return;
    if (selector.languageCode ?? selector.customLanguageCode) return;
    check.addIssue({
      code: "custom",
      path: ["languageCode"],
      message: "is required by the selectorType LANGUAGE_CODE",
    });
  });
export type AudioSelector = z.infer<typeof AudioSelector>;

import type { CaptionSelector, Output } from "@aws-sdk/client-mediaconvert";
import { languageName } from "../../language.ts";
import type { CaptionSource } from "./source.ts";

const selectorName = (at: number) => `Captions ${at + 1}`;

/** One selector for each text track. Undefined without text tracks. */
export function captionSelectors(
  captions: readonly CaptionSource[],
): Record<string, CaptionSelector> | undefined {
  if (captions.length === 0) return undefined;
  return Object.fromEntries(
    captions.map(({ stream }, at) => [
      selectorName(at),
      {
        SourceSettings: {
          SourceType: "TT_3GPP",
          // TrackNumber counts only the tracks with captions that MediaConvert recognizes.
          TrackSourceSettings: { StreamNumber: stream },
        },
      },
    ]),
  );
}

/** One output of WebVTT for each text track. */
export function captionRenditions(captions: readonly CaptionSource[]): Output[] {
  const used = new Map<string, number>();
  return captions.map(({ language, name }, at) => {
    const label = language === undefined ? "-captions" : `-captions-${language}`;
    const count = (used.get(label) ?? 0) + 1;
    used.set(label, count);
    return {
      NameModifier: count === 1 ? label : `${label}-${count}`,
      ContainerSettings: { Container: "CMFC" },
      CaptionDescriptions: [
        {
          CaptionSelectorName: selectorName(at),
          DestinationSettings: { DestinationType: "WEBVTT" },
          CustomLanguageCode: language,
          LanguageDescription: name ?? (language && languageName(language)) ?? `Captions ${at + 1}`,
        },
      ],
    };
  });
}

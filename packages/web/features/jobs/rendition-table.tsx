import { formatBytes } from "@rushes/core/format";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info } from "@rushes/core/rendition/schema";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { ButtonAnchor } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { formatBitRate, formatFrameRate, formatSize } from "../../lib/technical-format.ts";

const HEADS = ["Size", "Codec", "Frame rate", "Bit rate", "Bytes", "Checksum"];

function codec(rendition: Info): string {
  const video = [rendition.videoCodec, rendition.videoProfile].filter(Boolean).join(" ");
  return [video, rendition.audioCodec].filter(Boolean).join(" + ") || "–";
}

/** Renditions that are no single video file have a name of their own. */
const NAMES: Partial<Record<Info["label"], string>> = { hls: "Adaptive", audio: "Audio" };

/** The size of the picture, and for an adaptive stream that of its largest rung. */
function sizeOf({ width, height, rungs = [] }: Info): string {
  const [largest] = rungs;
  if (!largest) return formatSize(width, height);
  const size = formatSize(largest.width, largest.height);
  return rungs.length === 1 ? size : `up to ${size}`;
}

/** The renditions by their bytes. Sizes that a small source has in common are one file with several names. */
function byContent(renditions: readonly Info[]): [Info, ...Info[]][] {
  const groups = new Map<string, [Info, ...Info[]]>();
  for (const rendition of renditions) {
    const group = groups.get(rendition.checksum);
    if (group) group.push(rendition);
    else groups.set(rendition.checksum, [rendition]);
  }
  return [...groups.values()];
}

function Row({ same, downloadUrl }: { same: [Info, ...Info[]]; downloadUrl?: string }) {
  const [rendition] = same;
  const name = same.map(({ label }) => NAMES[label] ?? label).join(", ");
  const figures = [
    sizeOf(rendition),
    codec(rendition),
    rendition.frameRate === undefined ? "–" : formatFrameRate(rendition.frameRate),
    rendition.bitRate === undefined ? "–" : formatBitRate(rendition.bitRate),
    formatBytes(rendition.sizeBytes),
  ];
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-2.5 pr-3 text-left font-semibold whitespace-nowrap">
        {name}
      </th>
      {/* Reserves the size of the button, which appears with the URLs. */}
      <td className="h-11 min-w-32 py-1 pr-4 pointer-coarse:h-13">
        {downloadUrl ? (
          <ButtonAnchor href={downloadUrl} tone="quiet" className="px-2" download>
            <ActionIcon name="download" />
            <span>
              Download <span className="sr-only">{rendition.label}</span>
            </span>
          </ButtonAnchor>
        ) : null}
      </td>
      {figures.map((figure, index) => (
        <td
          key={HEADS[index]}
          // Figures never wrap. Only the codecs are long, and they wrap between words.
          className={cx(
            "py-2.5 pr-4 tabular-nums",
            HEADS[index] === "Codec" ? "min-w-32" : "whitespace-nowrap",
          )}
        >
          {figure}
        </td>
      ))}
      <td className="max-w-28 truncate py-2.5 font-mono text-xs" title={rendition.checksum}>
        {rendition.checksum}
      </td>
    </tr>
  );
}

type Props = { renditions: readonly Info[]; playback?: Playback };

/** The renditions of this attempt, with their figures and downloads. */
export function RenditionTable({ renditions, playback }: Props) {
  const downloads = new Map<string, string>(
    playback?.renditions.map((offer) => [offer.label, offer.downloadUrl]),
  );
  return (
    <section aria-labelledby="renditions" className="space-y-3">
      <h2 id="renditions" className="text-lg font-semibold">
        Renditions
      </h2>
      {renditions.length === 0 ? (
        <p className="text-sm text-muted">None yet.</p>
      ) : (
        <section
          aria-label="Table of renditions"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone the keyboard must be able to scroll the table.
          tabIndex={0}
          className="relative -mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0"
        >
          <table className="w-full text-sm wrap-normal">
            <thead>
              <tr className="text-left text-xs text-muted">
                <th scope="col" className="pr-3 pb-2 font-medium">
                  Rendition
                </th>
                <th scope="col">
                  <span className="sr-only">Download</span>
                </th>
                {HEADS.map((head) => (
                  <th key={head} scope="col" className="pr-4 pb-2 font-medium whitespace-nowrap">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {byContent(renditions).map((same) => (
                <Row key={same[0].label} same={same} downloadUrl={downloads.get(same[0].label)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

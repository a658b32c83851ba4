import { formatBytes } from "@rushes/core/format";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info } from "@rushes/core/rendition/schema";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { ButtonAnchor } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { formatBitRate, formatFrameRate, formatSize } from "../../lib/technical-format.ts";
import { byPicture, fileSuffix, renditionName } from "./rendition-view.ts";

const HEADS = ["Resolution", "Codec", "Frame rate", "Bit rate", "File size", "Checksum"];

function codec(rendition: Info): string {
  const video = [rendition.videoCodec, rendition.videoProfile].filter(Boolean).join(" ");
  return [video, rendition.audioCodec].filter(Boolean).join(" + ") || "–";
}

/** The size of the picture, and for an adaptive stream that of its largest rung. */
function sizeOf({ width, height, rungs = [] }: Info): string {
  const [largest] = rungs;
  if (!largest) return formatSize(width, height);
  const size = formatSize(largest.width, largest.height);
  return rungs.length === 1 ? size : `up to ${size}`;
}

/** The files of a row. Each place has the size of its button, which appears with the URLs. */
function Downloads({ same, urls }: { same: readonly Info[]; urls: ReadonlyMap<string, string> }) {
  return (
    <ul>
      {same.map((rendition) => {
        const url = urls.get(rendition.label);
        return (
          <li key={rendition.label} className="h-9 pointer-coarse:h-11">
            {url ? (
              <ButtonAnchor href={url} tone="quiet" className="px-2" download>
                <ActionIcon name="download" />
                <span>
                  <span className="sr-only">Download </span>…{fileSuffix(rendition)}
                </span>
              </ButtonAnchor>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

type RowProps = { same: [Info, ...Info[]]; urls: ReadonlyMap<string, string> };

function Row({ same, urls }: RowProps) {
  const [rendition] = same;
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
        {renditionName(rendition)}
      </th>
      <td className="min-w-36 py-1 pr-4">
        <Downloads same={same} urls={urls} />
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
  const urls = new Map<string, string>(
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
              {byPicture(renditions).map((same) => (
                <Row key={same[0].label} same={same} urls={urls} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

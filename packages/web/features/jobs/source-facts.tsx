import { formatBytes } from "@rushes/core/format";
import type { Listed } from "@rushes/core/job/schema";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { ButtonAnchor, buttonClass } from "../../components/ui/button.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { formatMoment, formatTimecode } from "../../lib/format.ts";
import { formatBitRate, formatFrameRate, formatSize } from "../../lib/technical-format.ts";
import { type Fact, Facts } from "./facts.tsx";

function sourceFacts(job: Listed): Fact[] {
  const { media, checksum } = job.source;
  const facts: Fact[] = [
    { name: "File", value: <bdi>{job.fileName}</bdi>, wide: true },
    { name: "File size", value: formatBytes(job.source.sizeBytes) },
    { name: "Received", value: formatMoment(job.time.created) },
    { name: "Profile", value: job.profile },
  ];
  if (!media) return facts;
  facts.push(
    { name: "Length", value: formatTimecode(media.durationSeconds) },
    { name: "Container", value: media.container },
    { name: "Resolution", value: formatSize(media.width, media.height) },
    { name: "Video", value: media.videoCodec ?? "None" },
  );
  if (media.frameRate !== undefined) {
    facts.push({ name: "Frame rate", value: formatFrameRate(media.frameRate) });
  }
  if (media.bitRate !== undefined) {
    facts.push({ name: "Bit rate", value: formatBitRate(media.bitRate) });
  }
  facts.push({ name: "Sound", value: sound(media) });
  if (checksum !== undefined) {
    const value = <span className="font-mono text-xs break-all">{checksum}</span>;
    facts.push({ name: "Checksum", value });
  }
  return facts;
}

function sound(media: NonNullable<Listed["source"]["media"]>): string {
  if (!media.audioCodec) return "None";
  const channels =
    media.audioChannels === 1
      ? "mono"
      : media.audioChannels === 2
        ? "stereo"
        : media.audioChannels && `${media.audioChannels} channels`;
  const rate = media.audioSampleRate && `${media.audioSampleRate / 1000} kHz`;
  return [media.audioCodec, channels, rate].filter(Boolean).join(", ");
}
export function SourceFacts({ job, downloadUrl }: { job: Listed; downloadUrl?: string }) {
  return (
    <section aria-labelledby="source" className="space-y-4">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2 pointer-coarse:min-h-11">
        <h2 id="source" className="text-lg font-semibold">
          Source
        </h2>
        {downloadUrl && !job.source.replaced ? (
          <ButtonAnchor href={downloadUrl} tone="quiet" download>
            <ActionIcon name="download" />
            Download the source
          </ButtonAnchor>
        ) : null}
      </div>
      {job.source.replaced ? <Replaced {...job.source.replaced} /> : null}
      <Facts facts={sourceFacts(job)} />
    </section>
  );
}

function Replaced({ time, jobId }: NonNullable<Listed["source"]["replaced"]>) {
  return (
    <Notice
      title="The source was replaced"
      actions={
        <Link href={`/jobs/${jobId}`} className={buttonClass()}>
          Open the newer video
        </Link>
      }
    >
      On {formatMoment(time)} another tool wrote a new file in its place. The existing renditions
      keep playing, but this video cannot be encoded again.
    </Notice>
  );
}

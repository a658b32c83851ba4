import { formatLength } from "@rushes/core/format";
import type { Listed } from "@rushes/core/job/schema";
export function statusSentence(
  job: Pick<Listed, "status" | "progressPercent" | "landed" | "automatic" | "waiting">,
): string {
  const ready = job.landed.filter((label) => label !== "poster").length;
  const growing = job.status === "progressing" && job.landed.includes("hls");
  const playable = growing
    ? " You can already watch the encoded part."
    : ready > 0
      ? ` ${ready === 1 ? "One rendition is" : `${ready} renditions are`} ready to play.`
      : "";
  switch (job.status) {
    case "received":
      return job.automatic
        ? "The encoder stopped. A second attempt starts within a minute."
        : "The source is being checked.";
    case "submitted":
      return "Waiting for the encoder.";
    case "progressing":
      if (job.waiting === "disk") {
        return `Waiting for disk space. Encoding continues when there is room.${playable}`;
      }
      return `Encoding, ${job.progressPercent} percent done.${playable}`;
    case "checking":
      return `Encoded. The renditions are being checked.${playable}`;
    case "complete":
      return "All renditions are ready.";
    case "error":
      return `Encoding failed.${playable}`;
    case "canceled":
      return `Encoding was canceled.${playable}`;
    case "rejected":
      return "The source cannot be transcoded.";
  }
}

/** Below this, one percent more changes the estimate too much. */
const MIN_PERCENT = 3;

/**
 * How long the encode still takes if it continues at its pace so far: `About 40 s left.` Empty if that is unknown. Both
 * times are the server's, so the browser's clock does not matter.
 */
export function timeLeft({
  status,
  progressPercent,
  time,
  waiting,
}: Pick<Listed, "status" | "progressPercent" | "time" | "waiting">): string {
  if (status !== "progressing" || waiting || time.started === undefined) return "";
  if (progressPercent < MIN_PERCENT || progressPercent >= 100) return "";
  const elapsedMs = Date.parse(time.updated) - Date.parse(time.started);
  const leftMs = (elapsedMs * (100 - progressPercent)) / progressPercent;
  return leftMs > 0 ? `About ${formatLength(leftMs / 1000)} left.` : "";
}

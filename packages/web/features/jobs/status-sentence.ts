import type { Listed } from "@rushes/core/job/schema";
export function statusSentence(
  job: Pick<Listed, "status" | "progressPercent" | "landed" | "automatic" | "waiting">,
): string {
  const ready = job.landed.filter((label) => label !== "poster").length;
  const playable =
    ready > 0
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

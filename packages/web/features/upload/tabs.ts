import { createListeners } from "../../lib/listeners.ts";

/** What a tab broadcasts about a file that it sends. */
export interface Running {
  claim: string;
  uploadId: string;
  sentBytes: number;
}

/** The broadcasts of the other tabs. A message may be late or lost, so only claims decide which tab sends. */
export interface Tabs {
  /** Broadcasts what this tab sends. */
  broadcast(running: readonly Running[]): void;
  /** The last upload with which another tab has sent the file of this claim. */
  uploadOf(claim: string): string | undefined;
  /** How much of this upload another tab has sent, by its last broadcast. */
  sentBytes(uploadId: string): number | undefined;
  subscribe(listener: () => void): () => void;
}

type Channel = Pick<BroadcastChannel, "postMessage" | "onmessage">;

/** Another version of the page may have sent the message. */
function parse(data: unknown): Running[] {
  if (!Array.isArray(data)) return [];
  return data.filter(
    (one): one is Running =>
      typeof one?.claim === "string" &&
      typeof one.uploadId === "string" &&
      typeof one.sentBytes === "number",
  );
}

export function createTabs(channel: Channel): Tabs {
  const uploads = new Map<string, string>();
  const sent = new Map<string, number>();
  const { subscribe, notify } = createListeners();
  channel.onmessage = ({ data }) => {
    for (const { claim, uploadId, sentBytes } of parse(data)) {
      uploads.set(claim, uploadId);
      sent.set(uploadId, sentBytes);
    }
    notify();
  };
  return {
    broadcast: (running) => channel.postMessage(running),
    uploadOf: (claim) => uploads.get(claim),
    sentBytes: (uploadId) => sent.get(uploadId),
    subscribe,
  };
}

/** How often a tab broadcasts its progress. */
const BROADCAST_MS = 1_000;

type Engine = { subscribe(listener: () => void): () => void; running(): Running[] };

/** Broadcasts the uploads of this engine to the other tabs: when they begin and end, and their progress. */
export function broadcastUploads(
  engine: Engine,
  tabs: Pick<Tabs, "broadcast">,
  after: (ms: number, task: () => void) => void,
): void {
  let isWaiting = false;
  let last = "";
  const broadcast = () => {
    const running = engine.running();
    const ids = running.map(({ uploadId }) => uploadId).join(" ");
    if (ids === last && (isWaiting || running.length === 0)) return;
    last = ids;
    tabs.broadcast(running);
    if (isWaiting) return;
    isWaiting = true;
    after(BROADCAST_MS, () => {
      isWaiting = false;
    });
  };
  engine.subscribe(broadcast);
}

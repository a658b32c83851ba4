import { createListeners } from "../../lib/listeners.ts";

/** What a tab tells the others about a file that it sends. */
export interface Running {
  claim: string;
  uploadId: string;
  sentBytes: number;
}

/** What this tab knows of the uploads of the others. A message may be late or lost: only claims decide who sends. */
export interface Tabs {
  /** Tells the other tabs what this one sends. */
  tell(running: readonly Running[]): void;
  /** The last upload with which another tab has sent the file of this claim. */
  uploadOf(claim: string): string | undefined;
  /** How much of this upload another tab has sent, as far as it has said. */
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
    tell: (running) => channel.postMessage(running),
    uploadOf: (claim) => uploads.get(claim),
    sentBytes: (uploadId) => sent.get(uploadId),
    subscribe,
  };
}

/** How often a tab tells the others how far it is. */
const TELL_MS = 1_000;

type Engine = { subscribe(listener: () => void): () => void; running(): Running[] };

/** Tells the other tabs about the uploads of this engine: when they begin and end, and how far they are. */
export function tellTabs(
  engine: Engine,
  tabs: Pick<Tabs, "tell">,
  after: (ms: number, task: () => void) => void,
): void {
  let isWaiting = false;
  let last = "";
  const tell = () => {
    const running = engine.running();
    const ids = running.map(({ uploadId }) => uploadId).join(" ");
    if (ids === last && (isWaiting || running.length === 0)) return;
    last = ids;
    tabs.tell(running);
    if (isWaiting) return;
    isWaiting = true;
    after(TELL_MS, () => {
      isWaiting = false;
    });
  };
  engine.subscribe(tell);
}

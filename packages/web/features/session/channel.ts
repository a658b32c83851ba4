import { CHANNEL, type Message } from "./watch.ts";

/** One for the whole page: a channel does not hear itself, so neither does the page. */
let channel: BroadcastChannel | undefined;
const open = () => {
  channel ??= new BroadcastChannel(CHANNEL);
  return channel;
};

/** Tells the other windows of this browser. */
export function tell(message: Message): void {
  open().postMessage(message);
}

/** Calls back for what other windows tell; gives back the way to stop. */
export function listen(heard: (data: unknown) => void): () => void {
  const hear = (event: MessageEvent<unknown>) => heard(event.data);
  const opened = open();
  opened.addEventListener("message", hear);
  return () => opened.removeEventListener("message", hear);
}

import { CHANNEL, type Message } from "./watch.ts";

/** One for the whole page. A channel does not receive its own messages, so the page does not either. */
let channel: BroadcastChannel | undefined;
const open = () => {
  channel ??= new BroadcastChannel(CHANNEL);
  return channel;
};

/** Sends a message to the other windows of this browser. */
export function post(message: Message): void {
  open().postMessage(message);
}

/** Calls back for messages of other windows. Returns a function that stops it. */
export function listen(receive: (data: unknown) => void): () => void {
  const listener = (event: MessageEvent<unknown>) => receive(event.data);
  const opened = open();
  opened.addEventListener("message", listener);
  return () => opened.removeEventListener("message", listener);
}

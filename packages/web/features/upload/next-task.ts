/**
 * Resolves in a later task, so that the page can respond in between. It uses a message and not a timer: browsers slow
 * down the timers of hidden tabs, and Safari has no `scheduler.yield`.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

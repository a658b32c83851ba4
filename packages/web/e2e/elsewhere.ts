import { createServer } from "node:http";

/** A site of another origin. Its one page shows the URL in a frame. */
export async function siteOf(frame: () => string) {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><html lang="en"><title>Elsewhere</title><main><iframe src="${frame()}" title="A video" width="640" height="360"></iframe></main></html>`,
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

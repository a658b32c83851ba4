/** Share links. */
import { answer, type Client, shareJob } from "@rushes/client";
import { formatUtc } from "@rushes/core/format";
import { UsageError } from "./exit.ts";
import { print } from "./print.ts";

/** As the API allows: a year. */
const MAX_HOURS = 8760;

export interface ShareFlags {
  expires?: string;
  list?: boolean;
  json?: boolean;
}

/** Creates a link to a video and prints its URL, or prints the links that the video has, one per line. */
export async function share(client: Client, id: string, { expires, list, json }: ShareFlags) {
  if (list && expires !== undefined) throw new UsageError("Use either --list or --expires.");
  if (list) return listLinks(client, id, json);
  const expiresInHours = hoursOf(expires);
  const link = await shareJob(client, id, expiresInHours === undefined ? {} : { expiresInHours });
  print(json ? JSON.stringify(link) : link.url);
}

async function listLinks(client: Client, id: string, json?: boolean) {
  const pending = client.GET("/api/jobs/{id}/shares", { params: { path: { id } } });
  const { shares } = await answer(pending);
  if (shares.length === 0 && !json) process.stderr.write("This video has no share links.\n");
  for (const link of shares) {
    const { created, expires } = link.time;
    const end = expires === undefined ? "until revoked" : `until ${formatUtc(expires)}`;
    print(json ? JSON.stringify(link) : [link.id, formatUtc(created), end, link.url].join("  "));
  }
}

/** Revokes links, each named by its URL or its ID. */
export async function unshare(client: Client, links: string[]) {
  for (const link of links) {
    await answer(client.DELETE("/api/shares/{id}", { params: { path: { id: idOf(link) } } }));
    print(`${link}: revoked`);
  }
}

/** The ID of a share. Its URL ends with the ID and a MAC. Anything else stays as it is: the server rejects it. */
function idOf(link: string): string {
  const id = /\/(?:watch|embed)\/([0-9A-Z]{26})-[\w-]{22}$/.exec(link)?.[1];
  return id === undefined ? link : `shr_${id}`;
}

function hoursOf(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  const hours = Number(expires);
  if (Number.isInteger(hours) && hours >= 1 && hours <= MAX_HOURS) return hours;
  throw new UsageError(`--expires must be a whole number of hours from 1 to ${MAX_HOURS}.`);
}

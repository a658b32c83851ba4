/** The TCP ports on which a process and its descendants listen, from /proc. */
import { readdir, readFile, readlink } from "node:fs/promises";

const lines = (text: string) => text.split("\n").map((line) => line.trim().split(/\s+/));

/** Inodes of listening sockets with their ports, of IPv4 and IPv6. */
async function listening(): Promise<Map<string, number>> {
  const texts = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const found = new Map<string, number>();
  for (const [, local = "", , state, , , , , , inode] of texts.flatMap(lines)) {
    // 0A: LISTEN.
    if (state === "0A" && inode) found.set(inode, Number.parseInt(local.split(":")[1] ?? "", 16));
  }
  return found;
}

/** A process and all of its descendants. */
async function tree(pid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (one) => {
      const stat = await readFile(`/proc/${one}/stat`, "utf8").catch(() => "");
      // State and parent follow the name, which is in parentheses and may contain any character.
      return [one, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const;
    }),
  );
  const found = [pid];
  for (const one of found) {
    for (const [child, parent] of parents) if (parent === one) found.push(child);
  }
  return found;
}

/** All ports of the process tree, sorted. */
export async function portsOf(pid: number): Promise<number[]> {
  const [sockets, pids] = await Promise.all([listening(), tree(pid)]);
  const ports = new Set<number>();
  for (const one of pids) {
    const names = await readdir(`/proc/${one}/fd`).catch(() => []);
    for (const name of names) {
      const target = await readlink(`/proc/${one}/fd/${name}`).catch(() => "");
      const port = sockets.get(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "");
      if (port !== undefined) ports.add(port);
    }
  }
  return [...ports].sort((a, b) => a - b);
}

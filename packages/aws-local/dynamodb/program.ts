/**
 * The dynoxide process. Its HTTP server accepts unsigned requests from everyone, with
 * `Access-Control-Allow-Origin: *`, and has no option to change that. So it opens no port. It serves its tools
 * (MCP) on stdin and stdout, which only this process can access.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as z from "zod";

/** How long the program may take to respond to its first message. */
const READY_MS = 15_000;
/** Longer than any request of at most 16 MB takes on a busy disk. */
const RESPONSE_MS = 60_000;
/** How long it may take to exit after its stdin was closed, before it is killed. */
const EXIT_MS = 5_000;

const Message = z.object({
  id: z.number().nullish(),
  result: z
    .object({
      content: z.array(z.object({ text: z.string() })).optional(),
      isError: z.boolean().optional(),
    })
    .optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** A tool's response: JSON in DynamoDB's format, or a description of the error. */
export interface ToolResult {
  text: string;
  isError: boolean;
}

export interface Program {
  /** Calls one tool. Rejects if the program has exited or does not respond within a minute. */
  call(tool: string, input: Record<string, unknown>): Promise<ToolResult>;
  /** Resolves when the program has exited for any reason. */
  ended: Promise<void>;
  /** Closes its stdin. The program exits after its pending requests. */
  close(): Promise<void>;
}

interface Pending {
  resolve(result: z.infer<typeof Message>): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Starts the program on a database file. Rejects with what it printed if it does not start. */
export async function startProgram(command: string, file: string): Promise<Program> {
  // In its own process group: Ctrl-C in a terminal must not stop it while other processes use it.
  // It exits when its stdin closes, and so also when this process is killed.
  const child = spawn(command, ["mcp", "--db-path", file], { detached: true, stdio: "pipe" });
  const { request, notify, fail } = createConnection(child);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = `${output}${text}`.slice(-2000);
  });
  // Rejects when the program cannot be run at all.
  const ended = once(child, "close").then(
    () => fail(),
    (error: unknown) => {
      output ||= String(error);
      fail();
    },
  );
  const close = async () => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), EXIT_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    const parameters = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "rushes", version: "1" },
    };
    await request("initialize", parameters, READY_MS);
    notify("notifications/initialized");
  } catch {
    await close();
    throw new Error(`DynamoDB did not start: ${output.trim() || "it printed no reason"}.`);
  }
  return {
    ended,
    close,
    async call(name, input) {
      const { result, error } = await request(
        "tools/call",
        { name, arguments: input },
        RESPONSE_MS,
      );
      if (!result) throw new Error(error?.message ?? "The database returned no result.");
      return { text: result.content?.[0]?.text ?? "{}", isError: result.isError ?? false };
    },
  };
}

/** JSON-RPC over the child's stdin and stdout, one message a line. */
function createConnection(child: ChildProcessWithoutNullStreams) {
  const waiting = new Map<number, Pending>();
  let last = 0;
  let isOpen = true;
  // If the pipe is closed, the child's exit rejects the waiting requests.
  child.stdin.on("error", () => {});
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = parse(line);
    const pending = message?.id == null ? undefined : waiting.get(message.id);
    if (!message || message.id == null || !pending) return;
    waiting.delete(message.id);
    clearTimeout(pending.timer);
    pending.resolve(message);
  });
  const write = (message: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  return {
    notify: (method: string) => write({ method }),
    request(method: string, params: object, withinMs: number) {
      const id = ++last;
      return new Promise<z.infer<typeof Message>>((resolve, reject) => {
        if (!isOpen) return reject(new Error("The database has exited."));
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`The database did not respond within ${withinMs / 1000} s.`));
        }, withinMs);
        timer.unref();
        waiting.set(id, { resolve, reject, timer });
        write({ id, method, params });
      });
    },
    fail() {
      isOpen = false;
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(new Error("The database has exited."));
      }
      waiting.clear();
    },
  };
}

/** Ignores a line that is not a message. */
function parse(line: string): z.infer<typeof Message> | undefined {
  try {
    return Message.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The commands of `rushes` and their options. docs/cli.md lists them. */
import { cancelJob, deleteJob, downloadJob, retryJob } from "@rushes/client";
import { Command } from "commander";
import { type ListFlags, list, open, show } from "./jobs.ts";
import { type AddKeyFlags, addKey, listKeys, revokeKeys } from "./keys.ts";
import { currentClient, currentLogin, type LoginFlags, logIn } from "./login.ts";
import { print } from "./print.ts";
import { type ShareFlags, share, unshare } from "./share.ts";
import { type UploadFlags, upload } from "./upload.ts";
import { type WatchFlags, watch } from "./watch.ts";

/** The values of an option that can be repeated. */
const collect = (value: string, values: string[] = []): string[] => [...values, value];

/** All commands. The signal interrupts the one that runs. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command("rushes")
    .description("Uploads videos to Rushes and works with them.")
    .exitOverride()
    .showHelpAfterError("Run `rushes --help` for all commands.");
  program
    .command("login")
    .description("store the address of a server and an API token")
    .option("--url <url>", "address of the server")
    .option("--token <token>", "API token; a server without sign-in needs none")
    .action(async (flags: LoginFlags) => print(`Stored in ${await logIn(flags)}.`));
  addUploads(program, signal);
  addVideos(program, signal);
  addChanges(program);
  addLinks(program);
  addKeys(program);
  return program;
}

function addUploads(program: Command, signal: AbortSignal): void {
  program
    .command("upload <path...>")
    .description("upload files and folders; run it again to continue")
    .option("--profile <name>", "what to make of the files")
    .option("--tag <tag>", "a tag of the videos; repeat it for several", collect)
    .option("--wait", "wait until the videos are encoded")
    .option("--again", "upload files that are videos already")
    .option("--json", "print one JSON object per file")
    .action(async (paths: string[], flags: UploadFlags) =>
      upload(await currentClient(), paths, flags, signal),
    );

  program
    .command("watch <folder>")
    .description("upload what appears in a folder, until Ctrl-C")
    .option("--profile <name>", "what to make of the files")
    .option("--tag <tag>", "a tag of the videos; repeat it for several", collect)
    .option("--existing", "also upload the files that exist")
    .option("--settle <seconds>", "how long a file must not have changed", "5")
    .option("--json", "print one JSON object per file")
    .action(async (folder: string, flags: WatchFlags) => {
      const [client, { url }] = await Promise.all([currentClient(), currentLogin()]);
      await watch(client, url, folder, flags, signal);
    });
}

function addVideos(program: Command, signal: AbortSignal): void {
  program
    .command("list")
    .description("list the newest videos")
    .option("--status <status>", "only videos with this status")
    .option("--name <text>", "only videos with these words in their name")
    .option("--tag <tag>", "only videos with this tag")
    .option("--limit <count>", "how many, at most 100", "20")
    .option("--json", "print one JSON object per video")
    .action(async (flags: ListFlags) => list(await currentClient(), flags));

  program
    .command("show <id>")
    .description("show a video and its renditions")
    .option("--json", "print JSON")
    .action(async (id: string, flags: { json?: boolean }) =>
      show(await currentClient(), id, flags),
    );

  program
    .command("open <id>")
    .description("open the page of a video in the browser")
    .action(async (id: string) => open((await currentLogin()).url, id));

  program
    .command("download <id>")
    .description("download a rendition, by default the largest")
    .option("--rendition <label>", "such as 720p, audio or original")
    .option("--output <file>", "the new file")
    .action(async (id: string, { rendition, output }: { rendition?: string; output?: string }) => {
      print(await downloadJob(await currentClient(), id, { rendition, target: output, signal }));
    });
}

function addChanges(program: Command): void {
  program
    .command("retry <id...>")
    .description("encode videos again")
    .option("--profile <name>", "another profile")
    .action(async (ids: string[], { profile }: { profile?: string }) => {
      const client = await currentClient();
      for (const id of ids) print(`${id}: ${(await retryJob(client, id, profile)).status}`);
    });

  program
    .command("cancel <id...>")
    .description("stop the encoding of videos")
    .action(async (ids: string[]) => {
      const client = await currentClient();
      for (const id of ids) print(`${id}: ${(await cancelJob(client, id)).status}`);
    });

  program
    .command("delete <id...>")
    .description("delete videos with their sources and renditions")
    .action(async (ids: string[]) => {
      const client = await currentClient();
      for (const id of ids) {
        await deleteJob(client, id);
        print(`${id}: deleted`);
      }
    });
}

function addLinks(program: Command): void {
  program
    .command("share <id>")
    .description("create a share link, which plays a video without sign-in")
    .option("--expires <hours>", "hours until the link expires")
    .option("--list", "list the links of the video, and create none")
    .option("--json", "print one JSON object per link")
    .action(async (id: string, flags: ShareFlags) => share(await currentClient(), id, flags));

  program
    .command("unshare <link...>")
    .description("revoke share links, by their URLs or IDs")
    .action(async (links: string[]) => unshare(await currentClient(), links));
}

function addKeys(program: Command): void {
  const key = program
    .command("key")
    .description("access keys with which S3 tools upload; with sign-in, for admins");

  key
    .command("add <name>")
    .description("create a key, and print what a tool needs as shell commands")
    .option("--owner <id>", "the user who owns what is uploaded with it")
    .option("--json", "print JSON")
    .action(async (name: string, flags: AddKeyFlags) => addKey(await currentClient(), name, flags));

  key
    .command("list")
    .description("list all keys")
    .option("--json", "print one JSON object per key")
    .action(async (flags: { json?: boolean }) => listKeys(await currentClient(), flags));

  key
    .command("revoke <id...>")
    .description("revoke keys")
    .action(async (ids: string[]) => revokeKeys(await currentClient(), ids));
}

/** Sources that are rejected because of a setting or another event. sources.flow.test.ts has the others. */
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isObject } from "../../events.ts";
import { fill } from "../../rows.ts";
import { sampleVideo } from "../../sample-video.ts";

const importOwners = JSON.stringify({
  principals: { "AWS:AIDABEN": "own_ben" },
  prefixes: { "ann/": "own_ann", "gone/": "own_gone" },
});
const { stack, core } = await startCore({ maxDurationSeconds: 2, importOwners });

describe("a source is rejected with its reason:", () => {
  const rejectionOf = async (key: string, body: Uint8Array) => {
    await core.deliver(await core.put(stack, key, body));
    const job = await core.only(key);
    expect(job.status).toBe("rejected");
    expect(await core.encoderJobs(job.id)).toEqual([]);
    return job.failure?.type;
  };

  test("longer than the settings allow, even without a duration in its container", async () => {
    const long = await sampleVideo(stack.folder, "long.mp4", ["-vf", "setpts=PTS*3", "-an"]);
    expect(await rejectionOf("long.mp4", long)).toBe("source.too_long");
    const live = await sampleVideo(stack.folder, "live.webm", [
      ...["-vf", "setpts=PTS*3,scale=64:-1", "-an", "-c:v", "libvpx", "-deadline", "realtime"],
      ...["-f", "webm", "-live", "1"],
    ]);
    expect(await rejectionOf("live.webm", live)).toBe("source.too_long");
  });
  test("replaced before its inspection: the newer object has its own job", async () => {
    const older = await core.put(stack, "replaced.mp4", Buffer.from("older"));
    const newer = await core.put(stack, "replaced.mp4", Buffer.from("newer, and longer"));
    await core.deliver(newer);
    await core.deliver(older);
    const { jobs } = await core.asOwner(() => core.job.list({ q: "replaced" }));
    expect(jobs.map((job) => job.failure?.type).sort()).toEqual([
      "source.missing",
      "source.not_media",
    ]);
  });
});

describe("of the objects that other tools put into the bucket,", () => {
  const titles = async (q: string) =>
    (await core.asOwner(() => core.job.list({ q }))).jobs.map(({ title }) => title);

  test("system files, descriptions and folders make no job", async () => {
    for (const name of ["card/._card.mov", "card/card.json", "card/", "card/card.XML"]) {
      await core.deliver(await core.put(stack, name, Buffer.from(name === "card/" ? "" : "<>")));
    }
    expect(await titles("card")).toEqual([]);
  });

  test("an empty one that is replaced at once makes no job, and one that stays is rejected", async () => {
    const first = await core.put(stack, "mounted.mov", Buffer.from(""));
    const stays = await core.put(stack, "stays.mov", Buffer.from(""));
    const next = await core.put(stack, "mounted.mov", Buffer.from("not a video"));
    await Promise.all([first, stays, next].map((event) => core.deliver(event)));
    expect((await core.only("mounted.mov")).failure?.type).toBe("source.not_media");
    expect((await core.only("stays.mov")).failure?.type).toBe("source.empty");
  });

  test("an empty one that replaces a source makes a job, so that the source is not missed", async () => {
    await core.deliver(await core.put(stack, "emptied.mov", Buffer.from("not a video")));
    await core.deliver(await core.put(stack, "emptied.mov", Buffer.from("")));
    const { jobs } = await core.asOwner(() => core.job.list({ q: "emptied" }));
    expect(jobs.map(({ failure }) => failure?.type).sort()).toEqual([
      "source.empty",
      "source.not_media",
    ]);
    expect(jobs.filter(({ source }) => source.replaced)).toHaveLength(1);
  });

  const mailsAbout = async (title: string) =>
    (await stack.mails()).filter(({ subject }) => subject.includes(title)).length;

  test("one that is rejected sends no mail until somebody retries it", async () => {
    await core.deliver(await core.put(stack, "quiet.mov", Buffer.from("not a video")));
    const { id } = await core.only("quiet.mov");
    await core.notify(id);
    expect(await mailsAbout("quiet.mov")).toBe(0);
    await core.asOwner(() => core.job.retry(id));
    expect(await core.only("quiet.mov")).toMatchObject({ status: "rejected", attempt: 2 });
    await core.notify(id);
    expect(await mailsAbout("quiet.mov")).toBe(1);
  });

  test("each belongs to the user of its access key, or to the one that the settings name", async () => {
    const user = (name: string) => ({
      ...core.table.key.user(`own_${name}`),
      ...{ id: `own_${name}`, email: `${name}@example.com`, role: "member", subject: name },
      ...{ issuer: "https://id.example.com", disabled: false },
      time: { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" },
    });
    await fill([user("ann"), user("ben")]);
    const ownerOf = async (key: string, principalId: string) => {
      const event = await core.put(stack, key, Buffer.from(key));
      if (!("queue" in event)) throw new Error("This is no event of S3.");
      const [record] = JSON.parse(event.body).Records;
      const Records = [{ ...record, userIdentity: { principalId } }];
      await core.deliver({ ...event, body: JSON.stringify({ Records }) });
      const current = await core.table.get(core.table.key.source("rushes-uploads", key));
      const row = await core.table.get(core.table.key.job(String(current?.jobId)));
      return `${row?.ownerId} ${row?.ownerEmail}`;
    };
    const ben = "own_ben ben@example.com";
    const local = "local you@example.com";
    expect(await ownerOf("of a key.mov", "AWS:own_ben")).toBe(ben);
    expect(await ownerOf("ann/of a key.mov", "AWS:own_ben")).toBe(ben);
    expect(await ownerOf("of an IAM user.mov", "AWS:AIDABEN")).toBe(ben);
    expect(await ownerOf("ann/film.mov", "AWS:AIDAOTHER")).toBe("own_ann ann@example.com");
    expect(await ownerOf("of nobody.mov", "AWS:own_nobody")).toBe(local);
    expect(await ownerOf("gone/film.mov", "AWS:000000000000")).toBe(local);
    expect(await ownerOf("film.mov", "AWS:000000000000")).toBe(local);
  });

  test("an uploaded file makes a job and a mail, whatever its name", async () => {
    const file = { name: "notes.json", sizeBytes: 2, contentType: "application/json" };
    const [created] = await core.asOwner(() => core.upload.create({ files: [file] }));
    const [request] = created?.requests ?? [];
    if (!created?.upload || !request) throw new Error("The upload was rejected.");
    expect((await fetch(request.url, { ...request, body: "{}" })).status).toBe(200);
    await core.deliver(await stack.event(isObject("source-created", created.upload.id)));
    await core.notify((await core.only("notes.json")).id);
    expect(await mailsAbout("notes.json")).toBe(1);
  });
});

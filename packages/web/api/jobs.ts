import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Job from "@rushes/core/job/index";
import { SORTS } from "@rushes/core/job/sort";
import { STATUSES } from "@rushes/core/job/status";
import { MAX_TAGS, Tag } from "@rushes/core/job/tags";
import * as Remove from "@rushes/core/pipeline/remove";
import * as Retry from "@rushes/core/pipeline/retry";
import * as Playback from "@rushes/core/playback/index";
import * as Rendition from "@rushes/core/rendition/schema";
import { emptyBody } from "./empty-body.ts";
import { scope } from "./needs.ts";
import { failures, JobParam, json, OwnerId } from "./schemas.ts";

const Listed = Job.Listed.clone().openapi("Job");
const Change = Job.Change.clone().openapi("Change");
const one = json(z.object({ job: Listed }));
const accepted = {
  202: { description: "The request is accepted.", ...one },
  ...failures(404, 409),
};

const Page = z.object({ jobs: z.array(Listed), cursor: z.string().optional(), now: z.string() });
const Changes = z.object({ changes: z.array(Change), nextSince: z.string(), more: z.boolean() });

const list = createRoute({
  method: "get",
  path: "/jobs",
  ...scope("read"),
  summary:
    "A page of your jobs, or of those that match a search; with changedSince, the jobs that changed since then",
  description:
    "A page of a search, or of an order by length or size, reads a limited number of rows, so it can have fewer jobs than `limit` and still a `cursor`. A signed-in admin can set another `owner`.",
  request: {
    query: z.object({
      status: z.enum(STATUSES).optional(),
      q: z
        .string()
        .max(200)
        .optional()
        .describe(
          "Words of the title, the tags and the file name. The last one can be a beginning.",
        ),
      tag: z.string().max(200).optional().describe("Only videos with this tag."),
      sort: z
        .enum(SORTS)
        .optional()
        .describe(
          "`length` and `size` are descending. A search, also for a tag, is always sorted by `newest`.",
        ),
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
      changedSince: z.iso.datetime().optional(),
      owner: OwnerId.optional(),
    }),
  },
  responses: {
    200: {
      description:
        "A page with `now`, a time to follow changes from; or the changes, which can overlap.",
      ...json(z.union([Page, Changes])),
    },
    ...failures(),
  },
});

const counts = createRoute({
  method: "get",
  path: "/jobs/counts",
  ...scope("read"),
  summary: "How many jobs you have in each status and with each tag",
  description:
    "The count of a status ends at `most`: it may have more jobs. Those of tags are exact, and there are at most `most` of them. A signed-in admin can set another `owner`.",
  request: { query: z.object({ owner: OwnerId.optional() }) },
  responses: {
    200: { description: "The counts.", ...json(Job.Counts.clone().openapi("Counts")) },
    ...failures(),
  },
});

const Details = z.object({
  job: Listed,
  renditions: z.array(Rendition.Info.clone().openapi("Rendition")),
  events: z.array(Job.Event.clone().openapi("Event")),
  chapters: Playback.Info.shape.chapters,
});
const get = createRoute({
  method: "get",
  path: "/jobs/{id}",
  ...scope("read"),
  summary: "One job with its renditions and its timeline",
  request: { params: JobParam },
  responses: { 200: { description: "The job.", ...json(Details) }, ...failures(404) },
});

const playback = createRoute({
  method: "get",
  path: "/jobs/{id}/playback",
  ...scope("read"),
  summary: "Short-lived signed URLs of every rendition",
  request: { params: JobParam },
  responses: {
    200: { description: "The URLs.", ...json(Playback.Info.clone().openapi("Playback")) },
    ...failures(404),
  },
});

const Retried = z.object({
  profile: z
    .string()
    .max(100)
    .optional()
    .describe("Another profile for the new attempt: a name of `GET /profiles`."),
});
const retry = createRoute({
  method: "post",
  path: "/jobs/{id}/retry",
  ...scope("manage"),
  middleware: emptyBody,
  summary: "Retry a job that has ended, as a new attempt under new keys",
  request: { params: JobParam, body: { required: false, ...json(Retried) } },
  responses: accepted,
});

const cancel = createRoute({
  method: "post",
  path: "/jobs/{id}/cancel",
  ...scope("manage"),
  summary: "Cancel a job that has not ended",
  request: { params: JobParam },
  responses: accepted,
});

const Tags = z.array(Tag).max(MAX_TAGS).optional();
const Update = z
  .object({
    title: z.string().trim().min(1).max(200).optional(),
    addTags: Tags.describe("Tags that differ only in case or accents are the same."),
    removeTags: Tags,
  })
  .refine(({ title, addTags, removeTags }) => title ?? addTags ?? removeTags, {
    message: "Set title, addTags or removeTags.",
  });
const update = createRoute({
  method: "patch",
  path: "/jobs/{id}",
  ...scope("manage"),
  summary: "Rename a job, add tags to it, and remove tags",
  request: { params: JobParam, body: { required: true, ...json(Update) } },
  responses: { 200: { description: "The job.", ...one }, ...failures(404, 409) },
});

const remove = createRoute({
  method: "delete",
  path: "/jobs/{id}",
  ...scope("manage"),
  summary: "Delete a job, its source and its renditions",
  request: { params: JobParam },
  responses: { 204: { description: "The job is deleted." }, ...failures(404) },
});

const Ids = z.object({ ids: z.array(z.string().max(64)).min(1).max(100) });
const Removed = z.object({
  deleted: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
});
const removeMany = createRoute({
  method: "post",
  path: "/jobs/delete",
  ...scope("manage"),
  summary: "Delete many jobs; returns an error for each that could not be deleted",
  request: { body: { required: true, ...json(Ids) } },
  responses: {
    200: { description: "The deleted jobs, and the errors.", ...json(Removed) },
    ...failures(),
  },
});
export function jobs(app: OpenAPIHono): void {
  app.openapi(list, async (c) => {
    const { changedSince, ...query } = c.req.valid("query");
    if (changedSince !== undefined) {
      const { owner } = query;
      return c.json(await Job.changedSince({ since: changedSince, owner }), 200);
    }
    // The time before the page is read: the first changedSince then includes later changes.
    const now = new Date().toISOString();
    return c.json({ ...(await Job.list(query)), now }, 200);
  });
  // Before the route of one job.
  app.openapi(counts, async (c) => c.json(await Job.counts(c.req.valid("query").owner), 200));
  app.openapi(removeMany, async (c) =>
    c.json(await Remove.removeMany(c.req.valid("json").ids), 200),
  );
  app.openapi(get, async (c) => c.json(await Job.details(c.req.valid("param").id), 200));
  app.openapi(playback, async (c) => c.json(await Playback.create(c.req.valid("param").id), 200));
  app.openapi(retry, async (c) => {
    const { profile } = c.req.valid("json");
    return c.json({ job: await Retry.retry(c.req.valid("param").id, profile) }, 202);
  });
  app.openapi(cancel, async (c) => c.json({ job: await Job.cancel(c.req.valid("param").id) }, 202));
  app.openapi(update, async (c) => {
    const { id } = c.req.valid("param");
    const { title, addTags: add, removeTags: remove } = c.req.valid("json");
    // Tags first: there may be too many, and then nothing changes.
    const tagged = await Job.tag({ id, add, remove });
    const job = title === undefined ? tagged : await Job.rename({ id, title });
    return c.json({ job }, 200);
  });
  app.openapi(remove, async (c) => {
    await Remove.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}

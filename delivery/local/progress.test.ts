import { CliError } from "@rushes/core/cli-error";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STAGES, type StageId } from "../stages.ts";
import { deliver, plan, StageFailed, type State, stagesOf } from "./progress.ts";

const COMMIT = "c".repeat(40);
const asked = { commit: COMMIT, release: false, execution: "first" };
const IDS = STAGES.map(({ id }) => id);

class Killed extends Error {}
type Kill = "before" | "after the effect" | "before it is saved" | "never";

/** Runs one attempt that is killed at one moment. Returns the state on disk afterwards. */
async function attempt(
  disk: State | undefined,
  kill: { stage: StageId; at: Kill },
  effects: StageId[],
  given: Partial<typeof asked> = {},
) {
  let saved = disk;
  const run = deliver(
    plan(disk, { ...asked, execution: `try ${effects.length}`, ...given }),
    async ({ id }) => {
      if (id === kill.stage && kill.at === "before") throw new Killed();
      effects.push(id);
      if (id === kill.stage && kill.at === "after the effect") throw new Killed();
      return id === "approval" ? { approvedBy: "ann" } : {};
    },
    async (state) => {
      const isKilled = state.done.at(-1) === kill.stage && kill.at === "before it is saved";
      if (isKilled && state.done.length !== saved?.done.length) throw new Killed();
      saved = state;
    },
  );
  const ended = await run.then(
    () => true,
    (error: unknown) => {
      const cause = error instanceof StageFailed ? error.cause : error;
      if (!(cause instanceof Killed)) throw error;
      return false;
    },
  );
  return { saved, ended };
}

const kills = fc.array(
  fc.record({
    stage: fc.constantFrom(...IDS),
    at: fc.constantFrom<Kill>("before", "after the effect", "before it is saved"),
  }),
  { maxLength: 12 },
);

describe("a delivery", () => {
  test("runs every stage in order, however often and wherever it is killed", async () => {
    await fc.assert(
      fc.asyncProperty(kills, async (all) => {
        const effects: StageId[] = [];
        let disk: State | undefined;
        for (const kill of all) {
          const doneBefore = disk?.done ?? [];
          const from = effects.length;
          const { saved } = await attempt(disk, kill, effects);
          // No stage that succeeded is repeated, and none is skipped.
          for (const id of effects.slice(from)) expect(doneBefore).not.toContain(id);
          expect(saved?.done).toEqual(IDS.slice(0, saved?.done.length));
          disk = saved;
        }
        const last = await attempt(disk, { stage: "source", at: "never" }, effects);
        expect(last.ended).toBe(true);
        expect(last.saved?.done).toEqual(IDS);
        expect(last.saved?.approvedBy).toBe("ann");
        // Each stage ran after all earlier ones.
        expect([...new Set(effects)]).toEqual(IDS);
        // The id stays the same over all attempts, so that the delivery is recorded once.
        expect(last.saved?.execution).toBe(disk?.execution ?? "try 0");
      }),
    );
  });

  test("stops at a stage that fails, and names it", async () => {
    const ran: string[] = [];
    const failing = deliver(
      plan(undefined, asked),
      async ({ id }) => {
        ran.push(id);
        if (id === "e2e-staging") throw new CliError("The 720p does not play.");
        return {};
      },
      async () => {},
    );
    await expect(failing).rejects.toMatchObject({
      stage: "e2e-staging",
      message: "The 720p does not play.",
    });
    expect(ran.at(-1)).toBe("e2e-staging");
    expect(ran).not.toContain("deploy-production");
  });

  test("starts over for another commit and with --fresh", () => {
    const before: State = { ...asked, done: [...IDS], approvedBy: "ann" };
    const other = plan(before, { ...asked, commit: "d".repeat(40), execution: "second" });
    expect(other).toMatchObject({ done: [], execution: "second" });
    expect(other.approvedBy).toBeUndefined();
    expect(plan(before, { ...asked, fresh: true, execution: "second" }).done).toEqual([]);
  });

  test("repeats the stages from --from on, and requires those before it", () => {
    const before: State = { ...asked, done: IDS.slice(0, 5), approvedBy: "ann" };
    const again = plan(before, { ...asked, from: "build", execution: "second" });
    expect(again.done).toEqual(["source"]);
    expect(again.approvedBy).toBeUndefined();
    expect(() => plan(before, { ...asked, from: "record" })).toThrow(/notice-staging has not/);
    expect(() => plan(before, { ...asked, from: "lunch" })).toThrow(/There is no stage "lunch"/);
    expect(() => plan(before, { ...asked, commit: "d", from: "build" })).toThrow(/source has not/);
  });

  test("leaves out the tests of a recorded version, but not the approval", () => {
    expect(stagesOf({ release: true }).map(({ id }) => id)).toEqual([
      "source",
      "build",
      "approval",
      "deploy-production",
      "record",
      "notice-production",
    ]);
    // The stages of a release do not count for a delivery with every stage.
    const before: State = { ...asked, release: true, done: ["source", "build"] };
    expect(plan(before, { ...asked, execution: "second" }).done).toEqual([]);
  });
});

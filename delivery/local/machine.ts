/** Which stages run, in which order, and where a delivery that was cut off goes on. It starts nothing itself. */
import * as z from "zod";
import { STAGES, type StageId } from "../stages.ts";

const Ids = z.enum(STAGES.map(({ id }) => id));
export const State = z.object({
  /** The same for every try of one delivery, so that its record is written once. */
  execution: z.string().min(1),
  commit: z.string().min(1),
  /** A recorded commit that is delivered again: what proved it then is not repeated. */
  release: z.boolean(),
  done: z.array(Ids),
  approvedBy: z.string().optional(),
});
export type State = z.infer<typeof State>;

/** What a person can mend; it is shown as its sentence. */
export class Sentence extends Error {}

/** A stage did not succeed; nothing after it was begun. */
export class StageFailed extends Error {
  readonly stage: StageId;
  constructor(stage: StageId, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
  }
}

const PROVED: readonly StageId[] = ["test", "deploy-staging", "e2e-staging", "notice-staging"];

/** The stages of this delivery, in order. */
export const stagesOf = ({ release }: Pick<State, "release">) =>
  STAGES.filter(({ id }) => !(release && PROVED.includes(id)));

export interface Asked {
  commit: string;
  release: boolean;
  /** A name for the delivery, if a new one begins. */
  execution: string;
  fresh?: boolean;
  from?: string | undefined;
}

/**
 * Goes on with the delivery before, if it was of this commit, else begins one. Throws a Sentence for a
 * stage that there is not, or whose predecessors have not succeeded.
 */
export function plan(before: State | undefined, asked: Asked): State {
  const { commit, release, execution, fresh = false, from } = asked;
  const goesOn = before?.commit === commit && before.release === release && !fresh;
  if (from === undefined) {
    return goesOn ? before : { execution, commit, release, done: [] };
  }
  const stages = stagesOf({ release }).map(({ id }) => id);
  const at = stages.map(String).indexOf(from);
  if (at < 0) throw new Sentence(`There is no stage "${from}"; there are ${stages.join(", ")}.`);
  const earlier = stages.slice(0, at);
  const missing = earlier.find((id) => !(goesOn && before.done.includes(id)));
  if (missing !== undefined) {
    throw new Sentence(
      `${missing} has not succeeded for ${commit.slice(0, 7)}; run it without --from.`,
    );
  }
  // From the approval on it is another delivery: another record, and another person's word.
  const isNew = at <= stages.indexOf("approval");
  return {
    ...{ commit, release, done: earlier },
    execution: isNew || !before ? execution : before.execution,
    ...(!isNew && before?.approvedBy !== undefined && { approvedBy: before.approvedBy }),
  };
}

/**
 * Runs what has not succeeded yet. A stage counts once `save` has resolved: cut off before that, it runs
 * again, so every stage must be safe to repeat. `run` gives what the state gains.
 */
export async function deliver(
  state: State,
  run: (stage: (typeof STAGES)[number], state: State) => Promise<Partial<State>>,
  save: (state: State) => Promise<void>,
): Promise<State> {
  let now = state;
  await save(now);
  for (const stage of stagesOf(state)) {
    if (now.done.includes(stage.id)) continue;
    const gained = await run(stage, now).catch((error: unknown) => {
      throw new StageFailed(stage.id, error);
    });
    now = { ...now, ...gained, done: [...now.done, stage.id] };
    await save(now);
  }
  return now;
}

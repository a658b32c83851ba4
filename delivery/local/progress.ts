/** Decides which stages run, in which order, and where an interrupted delivery continues. It starts nothing itself. */
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { STAGES, type StageId } from "../stages.ts";

const Ids = z.enum(STAGES.map(({ id }) => id));
export const State = z.object({
  /** The ID of the delivery, the same for every attempt, so that it is recorded once. */
  execution: z.string().min(1),
  commit: z.string().min(1),
  /** True for a recorded commit that is delivered again. The stages that tested it then are left out. */
  release: z.boolean(),
  done: z.array(Ids),
  approvedBy: z.string().optional(),
});
export type State = z.infer<typeof State>;

/** A stage failed, and no later stage has run. */
export class StageFailed extends Error {
  readonly stage: StageId;
  constructor(stage: StageId, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
  }
}

const NOT_FOR_RELEASES: readonly StageId[] = [
  "test",
  "deploy-staging",
  "e2e-staging",
  "notice-staging",
];

/** The stages of this delivery, in order. */
export const stagesOf = ({ release }: Pick<State, "release">) =>
  STAGES.filter(({ id }) => !(release && NOT_FOR_RELEASES.includes(id)));

export interface DeliveryRequest {
  commit: string;
  release: boolean;
  /** The id of the delivery, if a new one starts. */
  execution: string;
  fresh?: boolean;
  from?: string | undefined;
}

/**
 * Continues the previous delivery if it has this commit, and otherwise starts a new one. Throws a CliError for a stage
 * that does not exist or whose earlier stages have not succeeded.
 */
export function plan(previous: State | undefined, request: DeliveryRequest): State {
  const { commit, release, execution, fresh = false, from } = request;
  const continues = previous?.commit === commit && previous.release === release && !fresh;
  if (from === undefined) {
    return continues ? previous : { execution, commit, release, done: [] };
  }
  const stages = stagesOf({ release }).map(({ id }) => id);
  const at = stages.map(String).indexOf(from);
  if (at < 0) throw new CliError(`There is no stage "${from}"; there are ${stages.join(", ")}.`);
  const earlier = stages.slice(0, at);
  const missing = earlier.find((id) => !(continues && previous.done.includes(id)));
  if (missing !== undefined) {
    throw new CliError(
      `${missing} has not succeeded for ${commit.slice(0, 7)}; run it without --from.`,
    );
  }
  // If the approval runs again, it is a new delivery with its own record and approver.
  const isNew = at <= stages.indexOf("approval") || !previous;
  return {
    commit,
    release,
    done: earlier,
    execution: isNew ? execution : previous.execution,
    approvedBy: isNew ? undefined : previous.approvedBy,
  };
}

/**
 * Runs the stages that have not succeeded yet. A stage is done when `save` has resolved. If the pipeline is killed
 * before that, the stage runs again, so every stage must be safe to repeat. `run` resolves with changes of the state.
 */
export async function deliver(
  state: State,
  run: (stage: (typeof STAGES)[number], state: State) => Promise<Partial<State>>,
  save: (state: State) => Promise<void>,
): Promise<State> {
  let current = state;
  await save(current);
  for (const stage of stagesOf(state)) {
    if (current.done.includes(stage.id)) continue;
    const changes = await run(stage, current).catch((error: unknown) => {
      throw new StageFailed(stage.id, error);
    });
    current = { ...current, ...changes, done: [...current.done, stage.id] };
    await save(current);
  }
  return current;
}

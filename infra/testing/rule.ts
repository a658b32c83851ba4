/** A rule that the evaluated app must keep, with the mistakes that prove that it finds them. */
import type { Graph } from "./graph.ts";

/** A change of one file that the rule must report. `npm run infra:mutate` makes it in a copy of the project. */
export interface Mistake {
  what: string;
  file: string;
  find: string | RegExp;
  put: string;
  /** The stage to evaluate. Staging, or the pipeline's own stage for the rules of the delivery. */
  stage?: "production";
}

interface Rule {
  /** One message for each violation. `root` is the folder that the graph was evaluated from. */
  rule: (graph: Graph, root: string) => string[];
  breaks: Mistake[];
}
export type Rules = Record<string, Rule>;

/** Compares all stages of one account. */
export interface AccountRule {
  rule: (graphs: Graph[]) => string[];
  breaks: Mistake[];
}

/** The identity of every resource. If one changes, AWS replaces the resource, and a bucket loses its objects. */
import type { Graph } from "./graph.ts";
import { givenName } from "./rules/account.ts";

/** One line a resource: its types from the outermost component inwards, its logical name, and its physical name. */
export const namesOf = ({ resources }: Graph): string =>
  resources
    .map((resource) => {
      const parents = resource.parent.split("::")[2]?.replace("pulumi:pulumi:Stack", "") ?? "";
      const types = [...parents.split("$"), resource.type].filter((type) => type !== "");
      // SST appends random characters to a name that it chooses.
      const physical = givenName(resource).replace(/-[abcdefhkmnorstuvwxz]{8}$/, "-*");
      return `${types.join(" > ")} ${resource.name} ${physical}`.trim();
    })
    .sort()
    .join("\n")
    .concat("\n");

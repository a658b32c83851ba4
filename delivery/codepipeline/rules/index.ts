/** Every rule that the pipeline must keep. */
import type { Rules } from "../../../infra/testing/rule.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { BOUNDARY } from "./boundary.ts";
import { BUILDS } from "./builds.ts";
import { NOTICES } from "./notices.ts";
import { ROLES } from "./roles.ts";
import { ORDER } from "./stages.ts";

export const PIPELINE_RULES: Rules = {
  ...ARTIFACTS,
  ...BOUNDARY,
  ...BUILDS,
  ...NOTICES,
  ...ORDER,
  ...ROLES,
};

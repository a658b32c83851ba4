/** The app's resources as data: the result of evaluate.ts. */

export interface Resource {
  /** Pulumi's type, such as `aws:lambda/function:Function`; SST's own components are `sst:aws:…`. */
  type: string;
  /** Pulumi's logical name, unique within the type. */
  name: string;
  /** The URN of the component that contains it. */
  parent: string;
  // Pulumi's inputs, as in the provider's schema. Tests read only the fields that they check.
  inputs: Record<string, unknown>;
  protect: boolean;
  retainOnDelete: boolean;
}

export interface Graph {
  stage: string;
  /** What app() returns for the stage: whether its resources are removed with it, and whether you can remove it. */
  app: { removal?: string; protect?: boolean };
  outputs: Record<string, unknown>;
  resources: Resource[];
  /** Handlers that SST would have bundled, by function. */
  handlers: Record<string, string>;
  /** How SST would bundle each one: SST's `nodejs`, and whether its maps omit the sources. */
  bundling: Record<string, unknown>;
}

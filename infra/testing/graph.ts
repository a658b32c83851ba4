/** What the app would make, as data: the answer of evaluate.ts. */

export interface Resource {
  /** Pulumi's type, such as `aws:lambda/function:Function`; SST's own components are `sst:aws:…`. */
  type: string;
  /** Pulumi's logical name, unique within the type. */
  name: string;
  /** URN of the component that it is part of. */
  parent: string;
  // Pulumi's inputs: whatever the provider's schema says; tests look at the fields that they are about.
  inputs: Record<string, unknown>;
  protect: boolean;
  retainOnDelete: boolean;
}

export interface Graph {
  stage: string;
  /** What app() says of the stage: whether its resources go with it, and whether it can be removed. */
  app: { removal?: string; protect?: boolean };
  outputs: Record<string, unknown>;
  resources: Resource[];
  /** Handlers that SST would have bundled, by function. */
  handlers: Record<string, string>;
  /** How each was to be bundled: SST's `nodejs`, and whether its maps are without the sources. */
  bundling: Record<string, unknown>;
}

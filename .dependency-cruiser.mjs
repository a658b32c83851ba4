/**
 * The layers of the code, checked by `npm run check`. A package imports only what stands before it:
 * core, then functions, aws-local, identity, stack, then testing. The web app and the client import core, and the
 * command line imports the client.
 */
/** Tests and their fixtures may start a stack, which stands above them; those of core do not. */
const TESTS_THAT_START_STACKS =
  "^(?!packages/core/).*\\.(test|spec|fixture)\\.tsx?$|^packages/web/(e2e|api/testing)/";

/** A package and the packages that it may import, itself included. */
const layer = (name, allowed) => ({
  name: `${name}-imports`,
  comment: `packages/${name} imports ${allowed.join(", ")} only.`,
  severity: "error",
  from: { path: `^packages/${name}/` },
  to: { path: "^(packages|infra|delivery|bench)/", pathNot: `^packages/(${allowed.join("|")})/` },
});

export default {
  forbidden: [
    layer("core", ["core"]),
    layer("client", ["core", "client"]),
    layer("cli", ["core", "client", "cli"]),
    layer("functions", ["core", "functions"]),
    layer("aws-local", ["core", "aws-local"]),
    layer("identity", ["core", "aws-local", "identity"]),
    layer("stack", ["core", "functions", "aws-local", "identity", "stack"]),
    {
      name: "web-imports",
      comment: "The web app runs in two environments: it imports core only.",
      severity: "error",
      from: { path: "^packages/web/" },
      to: { path: "^(packages|infra|delivery|bench)/", pathNot: "^packages/(core|web)/" },
    },
    {
      name: "no-cycle-between-files",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-cycle-between-folders",
      comment: "Of core, of the web app's features, of the local services.",
      scope: "folder",
      severity: "error",
      from: { path: "^packages/" },
      to: { circular: true },
    },
  ],
  options: {
    // TypeScript 7 has no API for other programs yet.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["node_modules", "\\.next", TESTS_THAT_START_STACKS] },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import"],
    },
  },
};

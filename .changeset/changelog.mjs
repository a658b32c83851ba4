/** How a changeset stands in CHANGELOG.md: its words, without the hash of a commit that nobody reads. */
export default {
  getReleaseLine: async ({ summary }) => {
    const [first = "", ...others] = summary.trim().split("\n");
    return [`- ${first}`, ...others.map((line) => `  ${line}`.trimEnd())].join("\n");
  },
  // The one package that is released depends on none that is.
  getDependencyReleaseLine: async () => "",
};

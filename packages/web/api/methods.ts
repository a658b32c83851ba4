/** The methods that a path of the API supports, for the response to any other method. */
export function methodsOf(
  routes: readonly { method: string; path: string }[],
  path: string,
): string[] {
  const asked = path.split("/");
  const fits = (pattern: string) => {
    const steps = pattern.split("/");
    return (
      steps.length === asked.length &&
      steps.every((step, at) => (step.startsWith(":") ? asked[at] !== "" : step === asked[at]))
    );
  };
  // ALL marks middleware, which is not a route.
  const known = routes.filter((route) => route.method !== "ALL" && fits(route.path));
  const methods = new Set(known.map(({ method }) => method));
  // A path that supports GET also supports HEAD.
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

/** Which methods a path of the API knows: for whoever comes with another. */
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
  // ALL is what stands in front of every route, and no route itself.
  const known = routes.filter((route) => route.method !== "ALL" && fits(route.path));
  const methods = new Set(known.map(({ method }) => method));
  // Whatever answers GET answers HEAD.
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

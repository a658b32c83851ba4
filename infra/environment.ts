/** The value of a variable in the deployer's environment. Throws if it is missing. */
export function required(name: string, meaning: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw new Error(`Set ${name} before you deploy: ${meaning}. See docs/deploy.md.`);
}

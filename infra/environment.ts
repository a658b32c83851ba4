/** The value of a variable of the deployer's environment. @throws a sentence when there is none */
export function required(name: string, meaning: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw new Error(`Set ${name} before you deploy: ${meaning}. docs/deploy.md says more.`);
}

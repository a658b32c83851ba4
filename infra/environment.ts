/** The value of a variable in the deployer's environment. Throws if it is missing. */
export function required(name: string, meaning: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw new Error(`Set ${name} before you deploy: ${meaning}. See docs/deploy.md.`);
}

/**
 * The whole number of at least `min` in a variable of the deployer's environment, or `usual` if it is not set. Throws an
 * error that stops the deployment.
 */
export function whole<T extends number | undefined>(name: string, usual: T, min = 1): T | number {
  const text = process.env[name]?.trim();
  if (!text) return usual;
  if (/^\d{1,15}$/.test(text) && Number(text) >= min) return Number(text);
  throw new Error(`${name} is not a whole number from ${min}. See docs/deploy.md.`);
}

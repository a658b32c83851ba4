/**
 * Runs before each file of the flow tier. The files share processes, because starting one and loading the AWS SDK takes
 * longer than the tests of most files. Each file loads the project's modules again, because they read the environment and
 * keep clients of the services. It has the environment, the timers and the globals with which the process started.
 */
import { vi } from "vitest";

const KEY = Symbol.for("rushes.environment");

/** The environment before the first file of this process. */
function initialEnvironment(): NodeJS.ProcessEnv {
  const known: unknown = Reflect.get(globalThis, KEY);
  // Only this function sets it.
  if (known) return known as NodeJS.ProcessEnv;
  const environment = { ...process.env };
  Reflect.set(globalThis, KEY, environment);
  return environment;
}

const initial = initialEnvironment();
for (const name of Object.keys(process.env)) {
  if (initial[name] === undefined) delete process.env[name];
}
Object.assign(process.env, initial);
vi.useRealTimers();
vi.unstubAllGlobals();
vi.resetModules();

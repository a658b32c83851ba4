/** How `npm start` reports a step of the setup that fails: scripts/step.mjs in a real process. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const SCRIPTS = resolve(import.meta.dirname, "../../scripts");

test("prints the end of the output and the path of its log if a step fails", async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), "rushes-step-")));
  try {
    for (const file of ["step.mjs", "machine.mjs"]) {
      await cp(join(SCRIPTS, file), join(root, "scripts", file));
    }
    const program = JSON.stringify("console.log('no space left'); process.exit(3)");
    const code = `import("./scripts/step.mjs").then(async ({ step }) => console.log(await step({ name: "trial", title: "Trying" }, process.execPath, ["-e", ${program}])))`;
    const options = { cwd: root };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", code], options);
    expect(stdout.trim()).toBe("3");
    expect(stderr).toContain("no space left");
    expect(stderr).toContain(`The whole output is in ${join(".setup", "trial.log")}.`);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

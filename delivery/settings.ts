/** The settings of a stage as its operator keeps them: one `NAME=value` a line, `#` before a remark. */
import { CliError } from "../packages/core/cli-error.ts";

/** These come from the pipeline itself; a setting must not take their place. */
const RESERVED = ["RUSHES_PERMISSIONS_BOUNDARY", "RUSHES_VERSION", "RUSHES_COMMIT", "RUSHES_TIME"];

/** @throws CliError for a line that is none, or a name that is not the app's */
export function parseSettings(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const at = trimmed.indexOf("=");
    const name = trimmed.slice(0, at).trim();
    // PATH, NODE_OPTIONS or AWS_PROFILE would change who deploys what; only the app's own names pass.
    if (at < 1 || !/^RUSHES_[A-Z0-9_]+$/.test(name) || RESERVED.includes(name)) {
      throw new CliError(
        `Line ${index + 1} of the settings is none: give one RUSHES_… name, "=", and its value. docs/deploy.md lists them.`,
      );
    }
    settings[name] = trimmed.slice(at + 1).trim();
  }
  return settings;
}

/** The settings of a stage as the operator stores them: one `NAME=value` per line, and comments after `#`. */
import { CliError } from "../packages/core/cli-error.ts";

/** The pipeline sets these. A setting must not replace them. */
const RESERVED = ["RUSHES_PERMISSIONS_BOUNDARY", "RUSHES_VERSION", "RUSHES_COMMIT", "RUSHES_TIME"];

/** Throws a CliError for a line without a name and a value, and for a name that is not the app's. */
export function parseSettings(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const at = trimmed.indexOf("=");
    const name = trimmed.slice(0, at).trim();
    // PATH, NODE_OPTIONS or AWS_PROFILE would change what is deployed, and with which permissions.
    if (at < 1 || !/^RUSHES_[A-Z0-9_]+$/.test(name) || RESERVED.includes(name)) {
      throw new CliError(
        `Line ${index + 1} of the settings is invalid. Give one RUSHES_… name, "=", and its value. docs/deploy.md lists them.`,
      );
    }
    settings[name] = trimmed.slice(at + 1).trim();
  }
  return settings;
}

/**
 * Reads `rushes.env`: lines `NAME=value`, with or without quotes. Node's `util.parseEnv` is not used, because it cuts
 * an unquoted value at "#", which secrets may contain, and skips lines that it does not understand.
 */

/** @param onMistake is called with the number of a line that is not a setting */
export function parseFile(
  file: string,
  onMistake: (line: number) => void,
): { line: number; name: string; value: string }[] {
  const found: { line: number; name: string; value: string }[] = [];
  for (const [at, text] of file.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(text)) continue;
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$/.exec(text);
    const [, name, double, single, bare = ""] = match ?? [];
    if (name === undefined) onMistake(at + 1);
    else found.push({ line: at + 1, name, value: double ?? single ?? bare });
  }
  return found;
}

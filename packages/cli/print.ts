/** Writes a line of the result. Progress and errors go to stderr. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

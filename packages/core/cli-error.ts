/** An error that a person can correct. Commands print its messages without a stack. */
export class CliError extends Error {
  readonly messages: readonly string[];
  constructor(messages: string | readonly string[]) {
    const all = typeof messages === "string" ? [messages] : messages;
    super(all.join("\n"));
    this.name = "CliError";
    this.messages = all;
  }
}

/** The keyboard of the player: what a key does, and the list that the page shows. */

export type Command =
  | { type: "toggle" | "mute" | "fullscreen" | "captions" | "help" }
  | { type: "seek"; bySeconds: number }
  | { type: "frame"; by: 1 | -1 }
  | { type: "volume"; by: number }
  /** 0 is the beginning, 1 the end. */
  | { type: "fraction"; of: number };

const COMMANDS: Record<string, Command> = {
  " ": { type: "toggle" },
  k: { type: "toggle" },
  j: { type: "seek", bySeconds: -10 },
  l: { type: "seek", bySeconds: 10 },
  ArrowLeft: { type: "seek", bySeconds: -5 },
  ArrowRight: { type: "seek", bySeconds: 5 },
  ArrowUp: { type: "volume", by: 0.1 },
  ArrowDown: { type: "volume", by: -0.1 },
  ",": { type: "frame", by: -1 },
  ".": { type: "frame", by: 1 },
  m: { type: "mute" },
  f: { type: "fullscreen" },
  c: { type: "captions" },
  "?": { type: "help" },
};

/** What the dialog of the shortcuts lists. */
export const SHORTCUTS: readonly { keys: string; does: string }[] = [
  { keys: "Space or K", does: "Play or pause" },
  { keys: "J, L", does: "Back or forward 10 seconds" },
  { keys: "←, →", does: "Back or forward 5 seconds" },
  { keys: "Comma, period", does: "Previous or next frame" },
  { keys: "0 to 9", does: "Go to that tenth of the video" },
  { keys: "↑, ↓", does: "Volume, while the player has the focus" },
  { keys: "M", does: "Sound on or off" },
  { keys: "C", does: "Captions on or off" },
  { keys: "F", does: "Full screen" },
  { keys: "?", does: "Show these shortcuts" },
];

/** The command of a key, as `KeyboardEvent.key` names it. Undefined if the player has none. */
export function commandOf(key: string): Command | undefined {
  if (/^[0-9]$/.test(key)) return { type: "fraction", of: Number(key) / 10 };
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}

/** Elements that need every key: fields for text, menus and dialogs. */
const TYPED =
  "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, dialog, [contenteditable], [role=menu], [role=listbox]";
/** Elements that the arrows change. */
const MOVED = "[type=range], [type=radio], [role=slider]";
/** Elements that a space activates. */
const PRESSED = "button, summary, [role=button], [type=radio], [type=checkbox]";

/** True if the element with the focus needs this key. `path` is the event's composed path. */
export function isTaken(key: string, path: readonly EventTarget[]): boolean {
  return path.some(
    (target) =>
      target instanceof Element &&
      (target.matches(TYPED) ||
        (key.startsWith("Arrow") && target.matches(MOVED)) ||
        (key === " " && target.matches(PRESSED))),
  );
}

/** The time in a video to which a command moves, in seconds. Undefined if it does not move. */
export function timeAfter(
  command: Command,
  at: { seconds: number; duration: number; frameRate: number },
): number | undefined {
  const last = Number.isFinite(at.duration) ? at.duration : Number.MAX_SAFE_INTEGER;
  const within = (seconds: number) => Math.min(Math.max(0, seconds), last);
  switch (command.type) {
    case "seek":
      return within(at.seconds + command.bySeconds);
    case "frame":
      return within(at.seconds + command.by / at.frameRate);
    case "fraction":
      return Number.isFinite(at.duration) ? within(command.of * at.duration) : undefined;
    default:
      return undefined;
  }
}

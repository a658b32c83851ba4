/** Selects all text of a field, and shows its beginning: `select()` scrolls a long URL to its end. */
export function selectText(field: HTMLInputElement): void {
  field.setSelectionRange(0, field.value.length, "backward");
  field.scrollLeft = 0;
}

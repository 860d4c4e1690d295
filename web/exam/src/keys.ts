/** What a key asks for during the exam. */
export type KeyWish = { do: "choose"; letter: string } | { do: "step"; by: 1 | -1 } | { do: "mark" };

type Pressed = Pick<KeyboardEvent, "key" | "code" | "repeat" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">;

/**
 * Read a key: A to F (and further letters the item has) choose, left and right go to the next item, M marks.
 *
 * A held key repeats steps only: an answer must not flicker. While an input method is on the key says "Process", so its
 * place on the keyboard is read instead.
 */
export function keyWish(pressed: Pressed, letters: readonly string[]): KeyWish | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || pressed.isComposing) return null;
  if (pressed.key === "ArrowLeft") return { do: "step", by: -1 };
  if (pressed.key === "ArrowRight") return { do: "step", by: 1 };
  if (pressed.repeat) return null;
  const typed = pressed.key === "Process" ? pressed.code.replace(/^Key/, "") : pressed.key;
  const letter = typed.normalize("NFKC").toUpperCase();
  if (letters.includes(letter)) return { do: "choose", letter };
  return letter === "M" ? { do: "mark" } : null;
}

/** Whether the element uses this key itself: a field all of them, a round choice its arrows. */
export function typesItself(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input[type=radio]")) return key.startsWith("Arrow");
  return target.closest("input, select, textarea, [contenteditable], dialog") !== null;
}

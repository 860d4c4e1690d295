import type { SeatItem } from "../protocol";

/** Characters of all typed texts of one response together; protocol/limits.py RESPONSE_CHARS_MAX. */
export const TYPED_CHARS_MAX = 2000;
/** Characters one blank takes; nothing longer is ever right (question_bank/blanks.py ACCEPTED_CHARS_MAX). */
export const BLANK_CHARS_MAX = 200;

/** White space of both ends: a text of nothing else is no answer, and station and page must agree on it. */
// eslint-disable-next-line no-control-regex -- these are the separators Python strips and JavaScript does not
const NOTHING = /^[\s\u001c-\u001f\u0085]*$/;

const orNothing = (response: string[]): string[] => (response.every((text) => NOTHING.test(text)) ? [] : response);

/** A single letter chosen again is cleared; of several, each is switched. */
export function chosen(item: SeatItem, response: readonly string[], letter: string): string[] {
  const others = item.kind === "multiple" ? response.filter((one) => one !== letter) : [];
  return response.includes(letter) ? others : [...others, letter].sort();
}

/** The letters as they stand: in the given order, what is not in it behind, as displayed. */
export function inOrder(item: SeatItem, response: readonly string[]): string[] {
  return [...response, ...item.options.map((option) => option.letter).filter((letter) => !response.includes(letter))];
}

/** An order with the letter at ``from`` moved to ``to``; beyond an end nothing moves. */
export function moved(order: readonly string[], from: number, to: number): string[] {
  const letter = order[from];
  if (letter === undefined || to < 0 || to >= order.length) return [...order];
  const others = order.filter((_, at) => at !== from);
  return [...others.slice(0, to), letter, ...others.slice(to)];
}

/** A match with one premise's letter set, or cleared where it had that letter already. */
export function matched(item: SeatItem, response: readonly string[], premise: number, letter: string): string[] {
  return orNothing(item.premises.map((_, at) => {
    const had = response[at] ?? "";
    if (at !== premise) return had;
    return had === letter ? "" : letter;
  }));
}

/** The typed texts with one of them changed, cut to what may be typed and free of half characters. */
export function typed(places: number, response: readonly string[], at: number, text: string): string[] {
  const max = charsMax(places);
  const whole = [...text.replace(/\p{Surrogate}/gu, "\ufffd")].slice(0, max).join("");
  return orNothing(Array.from({ length: places }, (_, place) => (place === at ? whole : (response[place] ?? ""))));
}

/** Characters one text of a response may have. */
export function charsMax(places: number): number {
  return places === 1 ? TYPED_CHARS_MAX : Math.min(BLANK_CHARS_MAX, Math.floor(TYPED_CHARS_MAX / places));
}

/** Whether something was answered and something was left open: a blank without a text, a premise without a match. */
export function partlyAnswered(response: readonly string[]): boolean {
  return response.length > 0 && response.some((text) => NOTHING.test(text));
}

/** The letters a key may choose: of an order or a typed answer none. */
export function lettersToPress(item: SeatItem): string[] {
  const lettered = item.kind !== "ordering" && item.kind !== "fill_in" && item.kind !== "short_answer";
  return lettered ? item.options.map((option) => option.letter) : [];
}

/** What a pressed letter makes of a response: it is chosen, or matched with the first premise that is open. */
export function pressedLetter(item: SeatItem, response: readonly string[], letter: string): string[] {
  if (item.kind !== "matching") return chosen(item, response, letter);
  const open = item.premises.findIndex((_, at) => !response[at]);
  return open < 0 ? [...response] : matched(item, response, open, letter);
}

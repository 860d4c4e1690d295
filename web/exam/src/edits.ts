import type { Answer, AnswerState, Mark } from "@shared/protocol";
import { shallowReactive, shallowRef } from "vue";

export type Edit = Answer | Mark;
type Kind = Edit["type"];

/** A typed answer travels once nothing was typed for this long, in milliseconds … */
export const TYPING_PAUSE_MS = 800;
/** … and at the latest this long after its first stroke that did not: what a broken machine can lose. */
export const TYPING_WAIT_MS = 4000;

/** What one edit would make of its item, in a form that can be compared. */
function valueOf(edit: Edit): string {
  return edit.type === "answer" ? JSON.stringify(edit.response) : String(edit.marked);
}

function heldValue(held: AnswerState | undefined, kind: Kind): string {
  return kind === "answer" ? JSON.stringify(held?.response ?? []) : String(held?.marked ?? false);
}

const keyOf = (edit: { slot: number; type: Kind }): string => `${edit.type} ${edit.slot}`;

/**
 * Edits the station has not said it holds: one travels, the others wait, only the newest of each item and kind.
 *
 * An edit is dropped rather than sent when the station meanwhile holds something this page neither saw nor sent: another
 * page wrote there, and what the station holds is true.
 */
export class Edits {
  private readonly travelling = shallowRef<Edit | null>(null);
  private readonly waiting = shallowReactive(new Map<string, Edit>());
  /** By key: what the station may hold as far as this page knows. */
  private readonly known = new Map<string, Set<string>>();
  /** By key, what is still being typed: since when, and until when it is held back. */
  private readonly typing = new Map<string, { since: number; until: number }>();

  /** How many items have an edit that is not saved. */
  get unsaved(): number {
    const slots = new Set([...this.waiting.values()].map((edit) => edit.slot));
    if (this.travelling.value) slots.add(this.travelling.value.slot);
    return slots.size;
  }

  /** The response not yet saved for this item, if there is one. */
  response(slot: number): readonly string[] | undefined {
    return this.newest("answer", slot)?.response;
  }

  /** The mark not yet saved for this item, if there is one. */
  marked(slot: number): boolean | undefined {
    return this.newest("mark", slot)?.marked;
  }

  /** Remember an edit made while the station held ``held``; it replaces an unsent one of the same item and kind. */
  add(edit: Edit, held: AnswerState | undefined): void {
    const key = keyOf(edit);
    this.typing.delete(key);
    const known = this.known.get(key) ?? new Set([heldValue(held, edit.type)]);
    this.waiting.delete(key);
    if (known.size === 1 && known.has(valueOf(edit))) {
      // Changed back before anything was sent.
      this.known.delete(key);
      return;
    }
    this.known.set(key, known);
    this.waiting.set(key, edit);
  }

  /** Remember an answer that is being typed at ``now``: it is unsaved from here on and travels when the typing pauses. */
  type(edit: Answer, held: AnswerState | undefined, now: number): void {
    const since = this.typing.get(keyOf(edit))?.since ?? now;
    this.add(edit, held);
    if (this.waiting.has(keyOf(edit))) this.typing.set(keyOf(edit), { since, until: Math.min(now + TYPING_PAUSE_MS, since + TYPING_WAIT_MS) });
  }

  /** The typing is over, of one item or of all: nothing is held back any more. */
  typed(slot?: number): void {
    if (slot === undefined) this.typing.clear();
    else this.typing.delete(keyOf({ type: "answer", slot }));
  }

  /** The edit to send now, or null while one travels, none waits, or what waits is still being typed at ``now``. */
  take(now = Infinity): Edit | null {
    if (this.travelling.value !== null) return null;
    const next = [...this.waiting].find(([key]) => (this.typing.get(key)?.until ?? 0) <= now);
    if (next === undefined) return null;
    const [key, edit] = next;
    this.waiting.delete(key);
    this.typing.delete(key);
    this.known.get(key)?.add(valueOf(edit));
    this.travelling.value = edit;
    return edit;
  }

  /** The station holds this; true when that settles the edit which travelled. */
  settle(held: AnswerState): boolean {
    const edit = this.travelling.value;
    if (edit === null || edit.slot !== held.slot || heldValue(held, edit.type) !== valueOf(edit)) return false;
    this.travelling.value = null;
    this.forget(keyOf(edit));
    return true;
  }

  /** No word came about the edit that travels: let the others go first, then try it again. */
  requeue(): void {
    const edit = this.travelling.value;
    this.travelling.value = null;
    if (edit !== null && !this.waiting.has(keyOf(edit))) this.waiting.set(keyOf(edit), edit);
  }

  /** The station refused the edit that travels. */
  refused(): void {
    const edit = this.travelling.value;
    this.travelling.value = null;
    if (edit !== null) this.forget(keyOf(edit));
  }

  /** After a reconnection: compare with what the station holds; returns the items whose edits had to yield. */
  compare(held: ReadonlyMap<number, AnswerState>): number[] {
    const lost = this.travelling.value;
    this.travelling.value = null;
    const inOrder = [...this.waiting.values()];
    if (lost !== null && !this.waiting.has(keyOf(lost))) inOrder.unshift(lost);
    this.waiting.clear();
    this.typing.clear();
    const yielded = new Set<number>();
    for (const edit of inOrder) {
      const key = keyOf(edit);
      const now = heldValue(held.get(edit.slot), edit.type);
      if (now === valueOf(edit)) {
        this.known.delete(key);
      } else if (this.known.get(key)?.has(now)) {
        this.waiting.set(key, edit);
      } else {
        this.known.delete(key);
        yielded.add(edit.slot);
      }
    }
    return [...yielded];
  }

  /** The exam is over for this page: nothing more is written. */
  clear(): void {
    this.travelling.value = null;
    this.waiting.clear();
    this.typing.clear();
    this.known.clear();
  }

  private newest<K extends Kind>(kind: K, slot: number): Extract<Edit, { type: K }> | undefined {
    const waiting = this.waiting.get(keyOf({ type: kind, slot }));
    if (waiting !== undefined) return waiting as Extract<Edit, { type: K }>;
    const edit = this.travelling.value;
    return edit?.type === kind && edit.slot === slot ? (edit as Extract<Edit, { type: K }>) : undefined;
  }

  private forget(key: string): void {
    if (!this.waiting.has(key)) this.known.delete(key);
  }
}

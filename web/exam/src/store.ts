import { chosen, partlyAnswered } from "@shared/items/responses";
import type { AnswerState, FromPage, SeatCase, SeatItem, SeatSection, SeatView, Stage, ToPage } from "@shared/protocol";
import { computed, inject, type InjectionKey, ref, shallowReactive, shallowRef } from "vue";

import { type HeardClock, remainingMs, roomTime } from "./clock";
import { Edits } from "./edits";
import type { Ears, Link } from "./link";

/** An edit without an answer for this long is sent again, after the others, in milliseconds. */
export const ANSWER_WAIT_MS = 3000;

/** This close to the end nothing waits for a pause in typing, in milliseconds. */
const LAST_MS = 15_000;

/** Stages in which leaving the page is told to the station. */
const WATCHED: readonly Stage[] = ["waiting", "rules", "exam", "paused", "suspended"];
const OVER: readonly Stage[] = ["handed_in", "voided"];

/** The stem several items share, and which of its section's cases it is, from 1. */
export interface PlacedCase {
  readonly shared: SeatCase;
  readonly number: number;
  readonly total: number;
}

/** An item with the part of the paper it belongs to. */
export interface PlacedItem extends SeatItem {
  readonly section: SeatSection;
  readonly group: PlacedCase | null;
}

export type Exam = ReturnType<typeof createExam>;
export const EXAM: InjectionKey<Exam> = Symbol("exam");

/** The exam of this page; throws outside of one. */
export function useExam(): Exam {
  const exam = inject(EXAM);
  if (exam === undefined) throw new Error("no exam was provided");
  return exam;
}

/**
 * Everything the page knows: what the station holds, what was edited here and not saved yet, and the time.
 *
 * ``now`` counts milliseconds from anywhere and never jumps (performance.now); ``beat`` is called a few times a second.
 */
export function createExam(connect: (ears: Ears) => Link, now: () => number = () => performance.now()) {
  const socket = ref<"connecting" | "open" | "lost" | "replaced">("connecting");
  const view = shallowRef<SeatView | null>(null);
  const clock = shallowRef<HeardClock | null>(null);
  const moment = ref(now());
  const held = shallowReactive(new Map<number, AnswerState>());
  const edits = new Edits();
  const current = ref(1);
  const yielded = ref<number[]>([]);
  const handingIn = ref(false);
  const asked = ref(false);
  const timeNotice = ref(false);
  const acknowledged = shallowReactive(new Set<string>());

  let attempt: string | null = null;
  let inStep = false;
  let askedAt = 0;
  let sentAt = 0;
  let handInSent = false;
  let lastRemaining = Infinity;
  let timeNoticeUntil = 0;

  const stage = computed<Stage>(() => view.value?.stage ?? "connecting");
  const left = computed(() => (clock.value === null ? null : remainingMs(clock.value, moment.value)));
  const time = computed(() => (clock.value === null ? null : roomTime(clock.value, moment.value)));
  const timeUp = computed(() => stage.value === "exam" && left.value === 0);
  const answering = computed(() => stage.value === "exam" && !timeUp.value && socket.value !== "replaced");

  const items = computed<PlacedItem[]>(() =>
    (view.value?.paper?.sections ?? []).flatMap((section) => {
      const groups = section.cases.map((shared, at) => ({ shared, number: at + 1, total: section.cases.length }));
      return section.items.map((item) => ({ ...item, section, group: item.case === null ? null : (groups[item.case] ?? null) }));
    }),
  );
  const bySlot = computed(() => new Map(items.value.map((item) => [item.slot, item])));
  const response = (slot: number): readonly string[] => edits.response(slot) ?? held.get(slot)?.response ?? [];
  const marked = (slot: number): boolean => edits.marked(slot) ?? held.get(slot)?.marked ?? false;
  const unsaved = (slot: number): boolean => edits.response(slot) !== undefined || edits.marked(slot) !== undefined;

  /** Whether an item is answered in part: a blank or a premise was left open. */
  const leftOpen = (slot: number): boolean => {
    const kind = bySlot.value.get(slot)?.kind;
    return (kind === "fill_in" || kind === "matching") && partlyAnswered(response(slot));
  };

  const counts = computed(() => {
    const answered = items.value.filter((item) => response(item.slot).length > 0).length;
    return {
      total: items.value.length,
      answered,
      unanswered: items.value.length - answered,
      partly: items.value.filter((item) => leftOpen(item.slot)).length,
      marked: items.value.filter((item) => marked(item.slot)).length,
      unsaved: edits.unsaved,
      onSeatOnly: [...held.values()].filter((answer) => answer.saved === "seat").length,
    };
  });
  const notices = computed(() => (view.value?.notices ?? []).filter((notice) => notice.text !== "" && !acknowledged.has(notice.message)));
  /** Milliseconds until hand-in is allowed; zero when it is. */
  const handInWait = computed(() => {
    const start = clock.value?.clock.starts_at ?? null;
    if (view.value === null || start === null || time.value === null) return 0;
    return Math.max(0, start + view.value.earliest_hand_in_ms - time.value);
  });

  function say(message: FromPage): boolean {
    return socket.value === "open" && link.send(message);
  }

  function pump(): void {
    if (!inStep || stage.value !== "exam" || socket.value !== "open") return;
    const next = edits.take(handingIn.value || (left.value ?? 0) < LAST_MS ? Infinity : now());
    if (next !== null) {
      sentAt = now();
      link.send(next);
    } else if (handingIn.value && !handInSent && edits.unsaved === 0) {
      handInSent = link.send({ type: "hand_in" });
    }
  }

  function hold(answers: readonly AnswerState[]): void {
    for (const answer of answers) {
      held.set(answer.slot, answer);
      edits.settle(answer);
    }
  }

  function hearClock(heard: SeatView["clock"]): void {
    clock.value = heard === null ? null : { clock: heard, at: now() };
    beat();
  }

  /** When another attempt sits here, nothing of the one before may travel on. */
  function seat(next: SeatView): void {
    const sits = next.paper?.attempt ?? (next.stage === "sign_in" ? null : attempt);
    if (sits === attempt) return;
    attempt = sits;
    edits.clear();
    held.clear();
    yielded.value = [];
    current.value = 1;
  }

  function hearView(next: SeatView): void {
    view.value = next;
    asked.value = false;
    seat(next);
    if (next.stage === "exam" && !inStep) {
      held.clear();
      for (const answer of next.answers) held.set(answer.slot, answer);
      yielded.value = edits.compare(held);
      inStep = true;
    } else {
      hold(next.answers);
      if (next.refusal !== null) {
        // Should it be an older refusal that still stood, the answer is saved all the same and said so next.
        edits.refused();
        handingIn.value = false;
      }
    }
    if (OVER.includes(next.stage)) edits.clear();
    if (next.stage !== "exam") handingIn.value = false;
    hearClock(next.clock);
    for (const notice of next.notices) if (acknowledged.has(notice.message)) say({ type: "acknowledge", message: notice.message });
  }

  const link = connect({
    opened() {
      socket.value = "open";
      handInSent = false;
    },
    heard(message: ToPage) {
      if (socket.value === "replaced") return;
      if (message.type === "view") hearView(message);
      else if (message.type === "saved") hold(message.answers);
      else if (message.type === "time") hearClock(message.clock);
      else {
        socket.value = "replaced";
        edits.clear();
        link.close();
        return;
      }
      pump();
    },
    lost() {
      if (socket.value !== "replaced") socket.value = "lost";
      inStep = false;
      asked.value = false;
    },
  });

  /** Move the time on: a few times a second, and whenever a clock is heard. */
  function beat(): void {
    moment.value = now();
    const remaining = left.value ?? Infinity;
    const warnAt = view.value?.time_left_warning_ms ?? 0;
    if (answering.value && lastRemaining > warnAt && remaining <= warnAt && lastRemaining !== Infinity) {
      timeNotice.value = true;
      timeNoticeUntil = now() + (view.value?.time_left_warning_shown_ms ?? 0);
    }
    if (timeNotice.value && (now() >= timeNoticeUntil || !answering.value)) timeNotice.value = false;
    if (now() - askedAt >= ANSWER_WAIT_MS) asked.value = false;
    lastRemaining = stage.value === "exam" ? remaining : Infinity;
    if (edits.unsaved > 0 && socket.value === "open" && now() - sentAt >= ANSWER_WAIT_MS) {
      edits.requeue();
    }
    if (edits.unsaved > 0) pump();
  }

  /** Give an item a whole new response, [] to clear it; while it is ``typing`` it travels when the typing pauses. */
  function answer(slot: number, next: string[], typing = false): void {
    if (!answering.value || handingIn.value || !bySlot.value.has(slot)) return;
    if (typing) edits.type({ type: "answer", slot, response: next }, held.get(slot), now());
    else edits.add({ type: "answer", slot, response: next }, held.get(slot));
    yielded.value = yielded.value.filter((one) => one !== slot);
    pump();
  }

  /** What was typed for an item goes on its way: its field was left. */
  function typed(slot: number): void {
    edits.typed(slot);
    pump();
  }

  /** Choose a letter: a single one chosen again is cleared, of several each is switched. */
  function choose(slot: number, letter: string): void {
    const item = bySlot.value.get(slot);
    if (item?.options.some((option) => option.letter === letter)) answer(slot, chosen(item, response(slot), letter));
  }

  function toggleMark(slot: number): void {
    if (!answering.value || handingIn.value || !bySlot.value.has(slot)) return;
    edits.add({ type: "mark", slot, marked: !marked(slot) }, held.get(slot));
    pump();
  }

  function go(slot: number): void {
    if (bySlot.value.has(slot)) current.value = slot;
  }

  /** Go some items on; stays within the paper. */
  function step(by: number): void {
    const at = items.value.findIndex((item) => item.slot === current.value);
    const to = items.value[at + by];
    if (to !== undefined) current.value = to.slot;
  }

  /** Hand in once everything is saved on this seat; can be taken back until the station says so. */
  function handIn(wanted: boolean): void {
    if (wanted === handingIn.value) return;
    handingIn.value = wanted && answering.value && handInWait.value === 0;
    handInSent = false;
    pump();
  }

  function acknowledge(message: string): void {
    // Closed at once, whatever the link does; said again with the next view when it was not heard.
    acknowledged.add(message);
    say({ type: "acknowledge", message });
  }

  /** Say something the station answers with a new view; ``asked`` is on until it does. */
  function ask(message: FromPage): void {
    asked.value = say(message);
    askedAt = now();
  }

  return {
    socket, view, stage, left, time, timeUp, answering, items, bySlot, counts, notices, handInWait, current, yielded,
    handingIn, asked, timeNotice,
    watched: computed(() => socket.value === "open" && WATCHED.includes(stage.value)),
    response, marked, unsaved, leftOpen, say, ask, beat, answer, typed, choose, toggleMark, go, step, handIn, acknowledge,
    closeTimeNotice: () => (timeNotice.value = false),
  };
}

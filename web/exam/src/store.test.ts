import type { AnswerState, FromPage, ItemKind, SeatItem, SeatPaper, SeatView } from "@shared/protocol";
import { beforeEach, describe, expect, it } from "vitest";

import { TYPING_PAUSE_MS } from "./edits";
import type { Ears } from "./link";
import { ANSWER_WAIT_MS, createExam, type Exam } from "./store";

const options = ["A", "B", "C"].map((letter) => ({ letter, text: letter }));
const item = (slot: number, kind: ItemKind): SeatItem =>
  ({ slot, kind, markup: "text", stem: "", options, premises: [], blanks: 0, case: null, score: 100 });
const paper: SeatPaper = {
  attempt: "attempt-1", subject: "s", max_score: 10_000, duration_ms: 3_600_000,
  sections: [
    { title: "single", kind: "single", score_each: 100, cases: [], items: [1, 2].map((slot) => item(slot, "single")) },
    { title: "multiple", kind: "multiple", score_each: 100, cases: [], items: [item(3, "multiple")] },
  ],
  pictures: [],
};
const START = 1_780_000_000_000;

/** A station that remembers what it was told; tests speak for it. */
class Station {
  said: FromPage[] = [];
  open = true;
  ears: Ears | null = null;
  now = 1000;
  exam: Exam;
  constructor() {
    this.exam = createExam(
      (ears) => {
        this.ears = ears;
        return { send: (message) => this.open && this.said.push(message) > 0, close: () => { this.open = false; } };
      },
      () => this.now,
    );
  }
  connect(): void {
    this.open = true;
    this.ears?.opened();
  }
  lose(): void {
    this.open = false;
    this.ears?.lost();
  }
  view(change: Partial<SeatView> = {}): void {
    this.ears?.heard({
      type: "view", stage: "exam", seat: 1, link: "connected", camera: "ok", clock: this.clock(3_000_000), card: null, notice_text: [],
      rules_text: [], paper, answers: [], notices: [], receipt: null, earliest_hand_in_ms: 0, time_left_warning_ms: 600_000,
      time_left_warning_shown_ms: 10_000, hand_raised: false, refusal: null, refusal_en: null, ...change,
    });
  }
  clock(remaining_ms: number, running = true) {
    return { room_time: START + 3_600_000 - remaining_ms, remaining_ms, running, starts_at: START };
  }
  save(slot: number, response: string[], change: Partial<AnswerState> = {}): void {
    this.ears?.heard({ type: "saved", answers: [{ slot, response, marked: false, saved: "seat", ...change }] });
  }
  pass(ms: number): void {
    this.now += ms;
    this.exam.beat();
  }
}

let station: Station;
let exam: Exam;
beforeEach(() => {
  station = new Station();
  exam = station.exam;
  station.connect();
  station.view();
});

describe("choose", () => {
  it("shows the choice at once and calls it unsaved until the station says so", () => {
    exam.choose(1, "B");
    expect(exam.response(1)).toEqual(["B"]);
    expect(exam.unsaved(1)).toBe(true);
    expect(station.said).toEqual([{ type: "answer", slot: 1, response: ["B"] }]);
    station.save(1, ["B"]);
    expect(exam.unsaved(1)).toBe(false);
    expect(exam.counts.value).toMatchObject({ answered: 1, unanswered: 2, unsaved: 0, onSeatOnly: 1 });
    station.save(1, ["B"], { saved: "room" });
    expect(exam.counts.value.onSeatOnly).toBe(0);
  });
  it("replaces a single choice and clears it when chosen again", () => {
    exam.choose(1, "B");
    exam.choose(1, "C");
    expect(exam.response(1)).toEqual(["C"]);
    exam.choose(1, "C");
    expect(exam.response(1)).toEqual([]);
    expect(exam.counts.value.answered).toBe(0);
  });
  it("switches each of several, letters in natural order", () => {
    exam.choose(3, "C");
    exam.choose(3, "A");
    expect(exam.response(3)).toEqual(["A", "C"]);
    exam.choose(3, "C");
    expect(exam.response(3)).toEqual(["A"]);
  });
  it("knows no letter the item does not have", () => {
    exam.choose(1, "F");
    expect(station.said).toEqual([]);
  });
  it("goes on without the station and sends the newest of each item when it is back", () => {
    station.lose();
    exam.choose(1, "A");
    exam.choose(2, "B");
    exam.choose(1, "C");
    expect(exam.response(1)).toEqual(["C"]);
    expect(station.said).toEqual([]);
    station.connect();
    expect(station.said).toEqual([]);
    station.view();
    station.save(2, ["B"]);
    station.save(1, ["C"]);
    expect(station.said).toEqual([{ type: "answer", slot: 2, response: ["B"] }, { type: "answer", slot: 1, response: ["C"] }]);
    expect(exam.counts.value.unsaved).toBe(0);
  });
  it("shows what the station holds where another page wrote meanwhile, and says so", () => {
    station.lose();
    exam.choose(1, "A");
    station.connect();
    station.view({ answers: [{ slot: 1, response: ["B"], marked: false, saved: "seat" }] });
    expect(exam.response(1)).toEqual(["B"]);
    expect(exam.yielded.value).toEqual([1]);
    expect(station.said).toEqual([]);
  });
  it("is sent again when no word comes", () => {
    exam.choose(1, "A");
    station.pass(ANSWER_WAIT_MS);
    expect(station.said).toHaveLength(2);
  });
  it("does nothing while paused and sends what waited when the exam goes on", () => {
    station.lose();
    exam.choose(1, "A");
    station.connect();
    station.view({ stage: "paused", paper: null });
    exam.choose(1, "B");
    expect(station.said).toEqual([]);
    station.view();
    expect(station.said).toEqual([{ type: "answer", slot: 1, response: ["A"] }]);
  });
  it("lets go of an answer the station refused", () => {
    exam.choose(1, "A");
    station.view({ refusal: "时间已到" });
    expect(exam.response(1)).toEqual([]);
    expect(exam.counts.value.unsaved).toBe(0);
  });
});

describe("a typed answer", () => {
  const blanks = { ...paper, sections: [{ ...paper.sections[0], items: [{ ...item(1, "fill_in"), options: [], blanks: 2 }, item(2, "single")] }] } as SeatPaper;
  beforeEach(() => station.view({ paper: blanks }));
  it("is shown and called unsaved at once, and told when the typing pauses", () => {
    exam.answer(1, ["2", ""], true);
    exam.answer(1, ["24", ""], true);
    expect(exam.response(1)).toEqual(["24", ""]);
    expect(exam.counts.value).toMatchObject({ answered: 1, partly: 1, unsaved: 1 });
    expect(station.said).toEqual([]);
    station.pass(TYPING_PAUSE_MS);
    expect(station.said).toEqual([{ type: "answer", slot: 1, response: ["24", ""] }]);
  });
  it("is told at once when its field is left", () => {
    exam.answer(1, ["24", ""], true);
    exam.typed(1);
    expect(station.said).toHaveLength(1);
  });
  it("goes before a hand-in", () => {
    exam.answer(1, ["24", "12"], true);
    exam.handIn(true);
    expect(station.said).toEqual([{ type: "answer", slot: 1, response: ["24", "12"] }]);
    station.save(1, ["24", "12"]);
    expect(station.said.at(-1)).toEqual({ type: "hand_in" });
  });
  it("waits for no pause when the time is nearly up", () => {
    station.view({ paper: blanks, clock: station.clock(10_000) });
    exam.answer(1, ["24", ""], true);
    expect(station.said).toHaveLength(1);
  });
  it("survives a station that was away", () => {
    exam.answer(1, ["24", ""], true);
    station.lose();
    exam.answer(1, ["24", "1"], true);
    station.connect();
    station.view({ paper: blanks });
    station.pass(TYPING_PAUSE_MS);
    expect(station.said).toEqual([{ type: "answer", slot: 1, response: ["24", "1"] }]);
  });
});

describe("marks", () => {
  it("count as no answer", () => {
    exam.toggleMark(2);
    expect(exam.counts.value).toMatchObject({ marked: 1, answered: 0 });
    station.save(2, [], { marked: true });
    exam.toggleMark(2);
    expect(exam.marked(2)).toBe(false);
  });
});

describe("a page that was replaced", () => {
  it("writes nothing more, not even what waited", () => {
    exam.choose(1, "A");
    exam.choose(2, "A");
    station.ears?.heard({ type: "replaced" });
    station.said = [];
    exam.choose(2, "B");
    exam.say({ type: "raise_hand", raised: true });
    station.view();
    expect(exam.socket.value).toBe("replaced");
    expect(station.said).toEqual([]);
  });
});

describe("another attempt on the same page", () => {
  it("inherits nothing", () => {
    exam.choose(1, "A");
    exam.choose(2, "A");
    station.view({ paper: { ...paper, attempt: "attempt-2" } });
    expect(exam.counts.value).toMatchObject({ answered: 0, unsaved: 0 });
  });
});

describe("time", () => {
  it("is counted here between two words of the station", () => {
    station.pass(5000);
    expect(exam.left.value).toBe(2_995_000);
    station.ears?.heard({ type: "time", clock: station.clock(9_000_000) });
    expect(exam.left.value).toBe(9_000_000);
  });
  it("warns once when the warned time is reached, and closes the notice by itself", () => {
    expect(exam.timeNotice.value).toBe(false);
    station.pass(2_400_000);
    expect(exam.timeNotice.value).toBe(true);
    station.pass(10_000);
    expect(exam.timeNotice.value).toBe(false);
    station.pass(10_000);
    expect(exam.timeNotice.value).toBe(false);
  });
  it("does not warn a page that opens after the warned time", () => {
    const late = new Station();
    late.connect();
    late.view({ clock: late.clock(300_000) });
    late.pass(1000);
    expect(late.exam.timeNotice.value).toBe(false);
  });
  it("takes no answer once it is up", () => {
    station.pass(3_000_000);
    expect(exam.timeUp.value).toBe(true);
    exam.choose(1, "A");
    expect(station.said).toEqual([]);
  });
});

describe("hand-in", () => {
  it("follows the last answer, never overtakes it", () => {
    exam.choose(1, "A");
    exam.handIn(true);
    expect(station.said.map((message) => message.type)).toEqual(["answer"]);
    station.save(1, ["A"]);
    expect(station.said.map((message) => message.type)).toEqual(["answer", "hand_in"]);
    station.view({ stage: "handed_in" });
    expect(exam.handingIn.value).toBe(false);
  });
  it("is said again when the station was lost before it heard", () => {
    exam.handIn(true);
    station.lose();
    station.connect();
    station.view();
    expect(station.said).toEqual([{ type: "hand_in" }, { type: "hand_in" }]);
  });
  it("waits for the earliest moment", () => {
    station.view({ earliest_hand_in_ms: 1_800_000, clock: station.clock(3_000_000) });
    expect(exam.handInWait.value).toBe(1_200_000);
    exam.handIn(true);
    expect(exam.handingIn.value).toBe(false);
    station.pass(1_200_000);
    exam.handIn(true);
    expect(station.said).toEqual([{ type: "hand_in" }]);
  });
});

describe("messages", () => {
  const notices = [{ message: "m1", text: "安静", warning: true }];
  it("close at once and are acknowledged again when the station did not hear", () => {
    station.view({ notices });
    expect(exam.notices.value).toHaveLength(1);
    station.lose();
    exam.acknowledge("m1");
    expect(exam.notices.value).toEqual([]);
    station.connect();
    station.view({ notices });
    expect(exam.notices.value).toEqual([]);
    expect(station.said).toEqual([{ type: "acknowledge", message: "m1" }]);
  });
});

describe("a refusal", () => {
  it("that stands twice in the same words ends the second attempt too", () => {
    exam.handIn(true);
    station.view({ refusal: "未到最早交卷时间" });
    expect(exam.handingIn.value).toBe(false);
    exam.handIn(true);
    station.view({ refusal: "未到最早交卷时间" });
    expect(exam.handingIn.value).toBe(false);
  });
  it("which stood before hides no answer that is saved", () => {
    exam.choose(1, "A");
    station.view({ refusal: "an older one" });
    station.save(1, ["A"]);
    expect(exam.response(1)).toEqual(["A"]);
  });
});

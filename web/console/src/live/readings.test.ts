import { describe, expect, it } from "vitest";

import { Announcements, queued } from "./alarms";
import { counted, filtered, matches } from "./filters";
import { neighbour, planFor, serpentine } from "./layout";
import { RoomClock } from "./room_clock";
import { needsEyes, remaining, silentFor, spareSeats, troublesOf } from "./seats";
import { anAlarm, aRow, aStation, NOW } from "./rows_for_tests";

describe("silence", () => {
  it("says how long no news came from a sitting seat whose link is lost", () => {
    expect(silentFor(aRow({ link: "offline", heard_from_at: NOW - 14_000 }), NOW)).toBe(14_000);
    expect(silentFor(aRow({ link: "never", heard_from_at: null }), NOW)).toBe(Infinity);
  });
  it("is not read from a connected seat that has nothing to say", () => {
    expect(silentFor(aRow({ heard_from_at: NOW - 90_000 }), NOW)).toBeNull();
  });
  it("expects nothing from who does not sit", () => {
    expect(silentFor(aRow({ state: "handed_in", link: "offline", heard_from_at: NOW - 90_000 }), NOW)).toBeNull();
    expect(silentFor(aRow({ state: "expected", link: "never", heard_from_at: null }), NOW)).toBeNull();
  });
});

describe("time left", () => {
  it("is counted to the known end and not below zero", () => {
    expect(remaining(aRow(), NOW + 40_000)).toBe(7_100_000);
    expect(remaining(aRow(), NOW + 8_000_000)).toBe(0);
  });
  it("stands still while no end is known, as in a pause", () => {
    const row = aRow({ clock: { started_at: NOW, end_at: null, remaining_ms: 500 } });
    expect(remaining(row, NOW + 90_000)).toBe(500);
  });
  it("is nothing before the start and after hand-in", () => {
    expect(remaining(aRow({ state: "waiting", clock: { started_at: null, end_at: null, remaining_ms: 1 } }), NOW)).toBeNull();
    expect(remaining(aRow({ state: "handed_in" }), NOW)).toBeNull();
  });
});

describe("troubles", () => {
  it("are named, and a quiet seat has none", () => {
    expect(troublesOf(aRow(), NOW)).toEqual([]);
    expect(troublesOf(aRow({ hand_raised: true, camera: "covered", void: "proposed" }), NOW)).toEqual([
      "hand", "camera", "void_proposed",
    ]);
  });
  it("call for eyes, except what mends itself", () => {
    expect(needsEyes(aRow({ pictures_missed: 2 }), NOW)).toBe(false);
    expect(needsEyes(aRow({ flags_open: 1 }), NOW)).toBe(true);
    expect(needsEyes(aRow({ state: "away" }), NOW)).toBe(true);
  });
});

describe("search", () => {
  const row = aRow({ seat: 12, name: "阿卜杜·热合曼", ticket: "20260615A0012", document_masked: "4201**********123X" });
  it("finds seat, name, ticket and the tail of the document", () => {
    for (const wanted of ["12", "热合", "a0012", "23x", " ", "阿卜杜•热"]) expect(matches(row, wanted)).toBe(true);
  });
  it("does not find a seat by a part of its number, nor the masked middle", () => {
    expect(matches(aRow({ seat: 12 }), "1")).toBe(false);
    expect(matches(row, "***")).toBe(false);
  });
  it("counts what each filter would show", () => {
    const rows = [aRow({ seat: 2 }), aRow({ seat: 1, state: "away" }), aRow({ seat: 3, state: "expected" })];
    expect(counted(rows, NOW)).toMatchObject({ all: 3, sitting: 2, away: 1, eyes: 1, not_here: 1, done: 0 });
    expect(filtered(rows, "sitting", "", NOW).map((found) => found.seat)).toEqual([1, 2]);
  });
});

describe("alarms", () => {
  it("stand worst first, then oldest; closed ones do not", () => {
    const queue = queued([
      anAlarm({ alarm: "new", at: NOW + 5 }),
      anAlarm({ alarm: "old", at: NOW }),
      anAlarm({ alarm: "worst", severity: "severe", at: NOW + 9 }),
      anAlarm({ alarm: "closed", severity: "severe", open: false }),
    ]);
    expect(queue.map((alarm) => alarm.alarm)).toEqual(["worst", "old", "new"]);
  });
  it("sound once each, and not for what stood there at the beginning", () => {
    const heard = new Announcements();
    const first = anAlarm({ alarm: "f1", severity: "severe" });
    const second = anAlarm({ alarm: "f2", severity: "severe" });
    expect(heard.news([first])).toEqual([]);
    expect(heard.news([first, second, anAlarm({ alarm: "f3" })])).toEqual([second]);
    expect(heard.news([first, second])).toEqual([]);
    expect(heard.news([])).toEqual([]);
    expect(heard.news([second])).toEqual([]);
  });
});

describe("spare seats", () => {
  it("are connected, and nobody sits there or is expected", () => {
    const station = (seat: number | null, connected = true) => aStation({ station: `st${seat}`, seat, connected });
    const rows = [aRow({ seat: 1 }), aRow({ seat: 2, state: "expected" }), aRow({ seat: 3, state: "handed_in" }), aRow({ seat: 4, state: "absent" })];
    expect(spareSeats(rows, [station(7), station(6, false), station(5), station(4), station(3), station(2), station(1), station(null)])).toEqual([3, 4, 5, 7]);
    expect(spareSeats(rows, [station(9, false)])).toEqual([]);
  });
});

describe("layout", () => {
  it("numbers in an S", () => {
    expect(serpentine(8, 3)).toEqual([
      [1, 6, 7],
      [2, 5, 8],
      [3, 4, null],
    ]);
  });
  it("hides no seat the plan does not know", () => {
    expect(planFor([[1, null, 2]], [1, 2, 9])).toEqual([[1, null, 2], [9]]);
    expect(planFor(null, [])).toEqual([]);
    expect(planFor(null, [1, 2, 3, 4]).flat().filter((seat) => seat !== null).sort()).toEqual([1, 2, 3, 4]);
  });
  it("steps over gaps and stays at the edge", () => {
    const plan = [[1, null, 2], [4, null, 3]];
    expect(neighbour(plan, 1, 0, 1)).toBe(2);
    expect(neighbour(plan, 2, 1, 0)).toBe(3);
    expect(neighbour(plan, 1, -1, 0)).toBe(1);
  });
});

describe("room clock", () => {
  it("believes the least delayed message", () => {
    const clock = new RoomClock();
    expect(clock.at(0)).toBeNull();
    clock.hear(NOW, 1_000, true);
    clock.hear(NOW + 1_000, 2_400, false);
    expect(clock.at(3_000)).toBe(NOW + 2_000);
    clock.hear(NOW + 2_050, 3_000, false);
    expect(clock.at(3_000)).toBe(NOW + 2_050);
  });
  it("starts anew with a new connection", () => {
    const clock = new RoomClock();
    clock.hear(NOW, 0, true);
    clock.hear(NOW - 5_000, 0, true);
    expect(clock.at(0)).toBe(NOW - 5_000);
  });
});

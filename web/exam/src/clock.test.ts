import { describe, expect, it } from "vitest";

import { minutesUp, remainingMs, roomTime, spanWords, wallClock } from "./clock";

const clock = { room_time: 1_780_000_000_000, remaining_ms: 10_000, running: true, starts_at: null };

describe("remainingMs", () => {
  it("counts down from where the station said, by the counter alone", () => {
    expect(remainingMs({ clock, at: 500 }, 3500)).toBe(7000);
  });
  it("never goes below nothing", () => expect(remainingMs({ clock, at: 0 }, 60_000)).toBe(0));
  it("stands still while the clock does not run", () => {
    expect(remainingMs({ clock: { ...clock, running: false }, at: 0 }, 60_000)).toBe(10_000);
  });
});

describe("roomTime", () => {
  it("goes on while the exam's clock stands", () => {
    expect(roomTime({ clock: { ...clock, running: false }, at: 0 }, 2000)).toBe(clock.room_time + 2000);
  });
  it("is read in China wherever the machine thinks it is", () => expect(wallClock(Date.UTC(2026, 4, 1, 1, 30, 5))).toBe("09:30:05"));
});

describe("spanWords", () => {
  it.each([
    [0, "00:00"], [1, "00:01"], [999, "00:01"], [1000, "00:01"], [599_001, "10:00"], [3_600_000, "1:00:00"], [5_345_000, "1:29:05"], [-5, "00:00"],
  ])("%i ms reads %s", (ms, words) => expect(spanWords(ms)).toBe(words));
  it("waits are never announced too short", () => expect(minutesUp(60_001)).toBe(2));
});

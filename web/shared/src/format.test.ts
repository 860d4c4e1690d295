import { describe, expect, it } from "vitest";

import { countdown, dateOf, instantOf, minuteOf, score, span, timeOf } from "./format";

const AT = Date.UTC(2026, 5, 15, 6, 5, 9);

describe("instants", () => {
  it("are read in the room's zone, wherever the screen stands", () => {
    expect(timeOf(AT)).toBe("14:05:09");
    expect(dateOf(Date.UTC(2026, 5, 14, 16, 0))).toBe("2026-06-15");
    expect(minuteOf(AT)).toBe("2026-06-15 14:05");
  });
  it("show midnight as 00", () => expect(timeOf(Date.UTC(2026, 5, 14, 16, 0))).toBe("00:00:00"));
  it("are read back from a form field", () => {
    expect(instantOf("2026-06-15T14:05")).toBe(Date.UTC(2026, 5, 15, 6, 5));
    expect(instantOf("")).toBeNull();
    expect(instantOf("2026-13-40T14:05")).toBeNull();
  });
});

describe("spans", () => {
  it("count down to zero and not below", () => {
    expect(countdown(3_849_000)).toBe("1:04:09");
    expect(countdown(59_001)).toBe("01:00");
    expect(countdown(-5)).toBe("00:00");
  });
  it("take the largest unit that fits", () => {
    expect(span(14_999)).toEqual({ count: 14, unit: "s" });
    expect(span(60_000)).toEqual({ count: 1, unit: "min" });
    expect(span(7_300_000)).toEqual({ count: 2, unit: "h" });
    expect(span(-1)).toEqual({ count: 0, unit: "s" });
  });
});

describe("scores", () => {
  it("keep their hundredths and drop empty ones", () => {
    expect(score(5950)).toBe("59.5");
    expect(score(6000)).toBe("60");
    expect(score(33)).toBe("0.33");
    expect(score(10000)).toBe("100");
  });
});

import { describe, expect, it } from "vitest";

import { readLook } from "./look";

const USUAL = { size: "medium", scheme: "light", layout: "single" };

describe("readLook", () => {
  it.each([null, "", "nonsense", "null", "{}", '{"size":"huge","scheme":7}'])("%s is the usual look", (kept) => {
    expect(readLook(kept)).toEqual(USUAL);
  });
  it("keeps what it knows", () => {
    expect(readLook('{"size":"large","scheme":"dark","layout":"list"}')).toEqual({ size: "large", scheme: "dark", layout: "list" });
  });
});

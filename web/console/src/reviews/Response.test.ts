import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import Response from "./Response.vue";

const shown = (...response: string[]): string => mount(Response, { props: { response } }).text();

describe("a response in the dossier", () => {
  it("reads as it was given, of every kind", () => {
    expect(shown()).toBe("—");
    expect(shown("A", "C")).toBe("AC");
    expect(shown("B", "", "A")).toBe("1-B 2-— 3-A");
    expect(shown("先断电，\n再救人。")).toBe("先断电，\n再救人。");
    expect(shown("24", "")).toBe("24—");
  });
  it("shows what looks like markup as it was typed", () => {
    expect(mount(Response, { props: { response: ["<b>甲</b>"] } }).html()).toContain("&lt;b&gt;");
  });
});

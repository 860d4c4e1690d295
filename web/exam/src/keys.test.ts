import { describe, expect, it } from "vitest";

import { keyWish, typesItself } from "./keys";

const LETTERS = ["A", "B", "C", "D"];
const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyWish({ key, code: "", repeat: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, ...more }, LETTERS);

describe("keyWish", () => {
  it("chooses letters of the item, small or capital", () => {
    expect(press("b")).toEqual({ do: "choose", letter: "B" });
    expect(press("D")).toEqual({ do: "choose", letter: "D" });
    expect(press("e")).toBeNull();
  });
  it("reads full-width letters and keys an input method holds", () => {
    expect(press("ａ")).toEqual({ do: "choose", letter: "A" });
    expect(press("Process", { code: "KeyC" })).toEqual({ do: "choose", letter: "C" });
    expect(press("Process", { code: "KeyM" })).toEqual({ do: "mark" });
  });
  it("marks with M and steps with the arrows", () => {
    expect(press("m")).toEqual({ do: "mark" });
    expect(press("ArrowLeft")).toEqual({ do: "step", by: -1 });
    expect(press("ArrowRight", { repeat: true })).toEqual({ do: "step", by: 1 });
  });
  it("does not flicker under a held key", () => {
    expect(press("a", { repeat: true })).toBeNull();
    expect(press("m", { repeat: true })).toBeNull();
  });
  it("leaves shortcuts alone", () => {
    expect(press("a", { ctrlKey: true })).toBeNull();
    expect(press("ArrowLeft", { altKey: true })).toBeNull();
  });
});

describe("typesItself", () => {
  const element = (html: string): Element => {
    document.body.innerHTML = html;
    return document.querySelector("[x]") as Element;
  };
  it("is true in a field and in a dialog, false on a button", () => {
    expect(typesItself(element("<input x>"), "a")).toBe(true);
    expect(typesItself(element("<dialog><button x></button></dialog>"), "a")).toBe(true);
    expect(typesItself(element("<button x></button>"), "a")).toBe(false);
  });
  it("leaves a round choice its arrows only", () => {
    expect(typesItself(element("<input x type=radio>"), "ArrowLeft")).toBe(true);
    expect(typesItself(element("<input x type=radio>"), "b")).toBe(false);
  });
});

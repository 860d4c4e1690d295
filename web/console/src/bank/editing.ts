/** An item while it is edited: every kind's fields side by side, so that changing one's mind loses nothing. */
import type { SeatCase, SeatItem } from "@shared/protocol";

import type { Blank, Item, Kind } from "../api/bank";

export const KINDS: readonly Kind[] = ["true_false", "single", "multiple", "fill_in", "ordering", "matching", "short_answer", "case"];
export const LETTERS = "ABCDEFGH";
export const TRUE_FALSE = ["正确", "错误"];
/** Limits of question_bank/items.py and blanks.py. */
export const OPTIONS_MAX = 8;
export const PREMISES_MAX = 12;
export const BLANKS_MAX = 10;
export const PARTS_MAX = 20;

export interface Draft {
  code: string;
  kind: Kind;
  markup: "text" | "html";
  stem: string;
  options: string[];
  /** Indexes of right options; of an order, all of them in the right order; of a match, one for each premise. */
  key: number[];
  premises: string[];
  blanks: DraftBlank[];
  parts: Draft[];
  reference: string;
  solution: string;
  difficulty: number | null;
  /** As people say it, not in hundredths. */
  score: number | null;
  point: string;
  tags: string[];
}

/** A blank as typed: accepted forms one a line. */
export interface DraftBlank {
  accepted: string;
  number: string;
  tolerance: string;
  case_sensitive: boolean;
}

export const emptyBlank = (): DraftBlank => ({ accepted: "", number: "", tolerance: "0", case_sensitive: false });

export function emptyDraft(kind: Kind = "single"): Draft {
  return {
    code: "", kind, markup: "text", stem: "", options: kind === "true_false" ? [...TRUE_FALSE] : ["", "", "", ""],
    key: kind === "ordering" ? [0, 1, 2, 3] : [], premises: ["", ""], blanks: [emptyBlank()], parts: [], reference: "", solution: "",
    difficulty: null, score: null, point: "", tags: [],
  };
}

/** A stored item made ready to be edited. */
export function draftOf(item: Item): Draft {
  const draft = emptyDraft(item.kind);
  return {
    ...draft,
    code: item.code, markup: item.markup, stem: item.stem, key: [...item.key], reference: item.reference, solution: item.solution,
    difficulty: item.difficulty ?? null, score: typeof item.score !== "number" ? null : item.score / 100, point: item.point, tags: [...item.tags],
    options: item.options.length > 0 ? [...item.options] : draft.options,
    premises: item.premises.length > 0 ? [...item.premises] : draft.premises,
    blanks: item.blanks.length > 0 ? item.blanks.map(blankDraft) : draft.blanks,
    parts: item.parts.map(draftOf),
  };
}

const blankDraft = (blank: Blank): DraftBlank => ({
  accepted: blank.accepted.join("\n"), number: blank.number ?? "", tolerance: blank.tolerance, case_sensitive: blank.case_sensitive,
});

/** Turn to another kind: the options stay, the key is set anew where it would mean something else. */
export function turnTo(draft: Draft, kind: Kind): void {
  const wasFixed = draft.kind === "true_false";
  draft.kind = kind;
  if (kind === "true_false") draft.options = [...TRUE_FALSE];
  else if (wasFixed) draft.options = ["", "", "", ""];
  if (kind === "ordering") draft.key = draft.options.map((_, at) => at);
  else if (kind === "matching") draft.key = draft.premises.map(() => -1);
  else draft.key = kind === "multiple" ? draft.key.filter((at) => at >= 0) : draft.key.filter((at) => at >= 0).slice(0, 1);
  if (kind === "case" && draft.parts.length === 0) draft.parts = [emptyDraft("single")];
}

/** Take an option away and let the key follow. */
export function dropOption(draft: Draft, at: number): void {
  draft.options.splice(at, 1);
  const gone = (index: number): number => (index > at ? index - 1 : index);
  draft.key = draft.kind === "matching" ? draft.key.map((index) => (index === at ? -1 : gone(index))) : draft.key.filter((index) => index !== at).map(gone);
}

const USES: Record<Kind, ReadonlySet<keyof Item>> = {
  true_false: new Set(["options", "key"]), single: new Set(["options", "key"]), multiple: new Set(["options", "key"]),
  ordering: new Set(["options", "key"]), matching: new Set(["options", "premises", "key"]), fill_in: new Set(["blanks"]),
  short_answer: new Set(["reference"]), case: new Set(["parts"]),
};

/** The item a draft says; fields of other kinds are left out. Part codes are the case's with their number. */
export function itemOf(draft: Draft, code = draft.code): Item {
  const uses = USES[draft.kind];
  const only = <Value>(name: keyof Item, value: Value[]): Value[] => (uses.has(name) ? value : []);
  return {
    code: code.trim(), version: 1, kind: draft.kind, markup: draft.markup, stem: draft.stem.trim(),
    options: only("options", draft.options.map((text) => text.trim())),
    premises: only("premises", draft.premises.map((text) => text.trim())),
    key: only("key", draft.kind === "multiple" ? [...draft.key].sort((a, b) => a - b) : [...draft.key]),
    blanks: only("blanks", draft.blanks.map(blankOf)),
    parts: uses.has("parts") ? draft.parts.map((part, at) => itemOf(part, `${code.trim()}-${at + 1}`)) : [],
    reference: uses.has("reference") ? draft.reference.trim() : "", solution: draft.solution.trim(),
    difficulty: draft.difficulty, score: draft.score === null ? null : Math.round(draft.score * 100), point: draft.point.trim(), tags: [...draft.tags],
  };
}

function blankOf(blank: DraftBlank): Blank {
  return {
    accepted: blank.accepted.split("\n").map((text) => text.trim()).filter((text) => text !== ""),
    number: blank.number.trim() === "" ? null : blank.number.trim(),
    tolerance: blank.tolerance.trim() || "0", case_sensitive: blank.case_sensitive,
  };
}

/** What is wrong with a draft: a place and a code, words stand under bank.fault. */
export interface Fault {
  place: string;
  code: string;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Everything that keeps a draft from being an item; the server has the last word. */
export function faultsOf(draft: Draft, part = ""): Fault[] {
  const found: Fault[] = [];
  const say = (place: string, code: string): void => void found.push({ place: part + place, code });
  const uses = USES[draft.kind];
  if (part === "" && draft.code.trim() === "") say("code", "empty");
  if (draft.stem.trim() === "") say("stem", "empty");
  if (uses.has("options")) {
    draft.options.forEach((text, at) => text.trim() === "" && say(`options.${at}`, "empty"));
    if (draft.options.length < 2) say("options", "few_options");
  }
  if (uses.has("key") && draft.kind !== "matching" && draft.key.length === 0) say("key", "no_key");
  if (uses.has("premises")) {
    if (draft.premises.length === 0) say("premises", "no_premises");
    draft.premises.forEach((text, at) => {
      if (text.trim() === "") say(`premises.${at}`, "empty");
      if ((draft.key[at] ?? -1) < 0) say(`key.${at}`, "no_match");
    });
  }
  if (uses.has("blanks")) blankFaults(draft, say);
  if (draft.difficulty !== null && (draft.difficulty < 0 || draft.difficulty > 100)) say("difficulty", "difficulty");
  if (uses.has("parts")) {
    if (draft.parts.length === 0) say("parts", "no_parts");
    draft.parts.forEach((one, at) => found.push(...faultsOf(one, `${part}parts.${at}.`)));
  }
  return found;
}

function blankFaults(draft: Draft, say: (place: string, code: string) => void): void {
  const shown = draft.stem.match(/_{3,}|＿{2,}/g)?.length ?? 0;
  if (shown !== draft.blanks.length) say("blanks", "blank_count");
  draft.blanks.forEach((blank, at) => {
    if (blank.accepted.trim() === "" && blank.number.trim() === "") say(`blanks.${at}`, "no_accepted");
    if (blank.number.trim() !== "" && !DECIMAL.test(blank.number.trim())) say(`blanks.${at}.number`, "no_number");
    if (!DECIMAL.test(blank.tolerance.trim() || "0") || Number(blank.tolerance) < 0) say(`blanks.${at}.tolerance`, "no_number");
  });
}

/** The item as a candidate would see it, letters in the order of the file; of a case its parts under their stem. */
export function seenBy(item: Item): { shared: SeatCase | null; items: SeatItem[] } {
  if (item.kind !== "case") return { shared: null, items: [seatItem(item, 1, null)] };
  return { shared: { markup: item.markup, stem: item.stem }, items: item.parts.map((part, at) => seatItem(part, at + 1, 0)) };
}

function seatItem(item: Item, slot: number, place: number | null): SeatItem {
  return {
    slot, kind: item.kind === "case" ? "short_answer" : item.kind, markup: item.markup, stem: item.stem,
    options: item.options.map((text, at) => ({ letter: LETTERS[at] ?? "?", text })), premises: item.premises, blanks: item.blanks.length,
    case: place, score: item.score ?? 100,
  };
}

/** The right response, in the form a candidate gives; [] where only a person can say. */
export function rightResponse(item: Item): string[] {
  if (item.kind === "fill_in") return item.blanks.map((blank) => blank.accepted[0] ?? blank.number ?? "");
  if (item.kind === "short_answer" || item.kind === "case") return item.reference ? [item.reference] : [];
  return item.key.map((at) => LETTERS[at] ?? "?");
}

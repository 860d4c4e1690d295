/** A blueprint while it is edited: scores as people say them, and what keeps it from being one. */
import type { Blueprint, Kind } from "../api/bank";

export type Rule = "all_or_nothing" | "partial" | "per_right" | "fixed";

export interface DraftSection {
  title: string;
  kind: Kind;
  count: number;
  score: number;
  rule: Rule;
  fixed: number | null;
  /** Scores of a case's parts, in order. */
  parts: number[];
  /** Percent of easy, medium and hard items; null asks for none in particular. */
  shares: { easy: number; medium: number; hard: number } | null;
}
export interface DraftBlueprint {
  code: string;
  title: string;
  full: number;
  exposure: number | null;
  sections: DraftSection[];
}

const SEVERAL: ReadonlySet<Kind> = new Set<Kind>(["multiple", "fill_in", "ordering", "matching", "case"]);

/** The rules a kind can be scored by; question_bank/blueprint.py. */
export function rulesOf(kind: Kind): Rule[] {
  if (!SEVERAL.has(kind)) return ["all_or_nothing"];
  return kind === "multiple" || kind === "case" ? ["all_or_nothing", "partial", "per_right", "fixed"] : ["all_or_nothing", "partial", "fixed"];
}

export const emptySection = (kind: Kind = "single"): DraftSection => ({ title: "", kind, count: 10, score: 1, rule: "all_or_nothing", fixed: null, parts: [], shares: null });
export const emptyBlueprint = (): DraftBlueprint => ({ code: "", title: "", full: 100, exposure: null, sections: [emptySection()] });

export function blueprintDraft(plan: Blueprint): DraftBlueprint {
  return {
    code: plan.code, title: plan.title, full: plan.full_score / 100, exposure: plan.exposure_max ?? null,
    sections: plan.sections.map((one) => ({
      title: one.title, kind: one.kind, count: one.count, score: one.score_each / 100, rule: one.rule, fixed: typeof one.fixed_score !== "number" ? null : one.fixed_score / 100,
      parts: one.part_scores.map((score) => score / 100), shares: one.difficulty ?? null,
    })),
  };
}

const cents = (score: number): number => Math.round(score * 100);

export function blueprintOf(bank: string, draft: DraftBlueprint): Blueprint {
  return {
    code: draft.code.trim(), title: draft.title.trim(), outline: bank, full_score: cents(draft.full), exposure_max: draft.exposure,
    sections: draft.sections.map((one) => ({
      title: one.title.trim(), kind: one.kind, count: one.count, score_each: cents(one.score), rule: one.rule,
      fixed_score: one.rule === "fixed" && one.fixed !== null ? cents(one.fixed) : null, part_scores: one.kind === "case" ? one.parts.map(cents) : [],
      difficulty: one.shares,
    })),
  };
}

/** What all sections give together. */
export const sumOf = (draft: DraftBlueprint): number => draft.sections.reduce((sum, one) => sum + one.count * cents(one.score), 0) / 100;

/** Why a section is none yet: codes under bank.blueprint.fault. */
export function sectionFaults(one: DraftSection): string[] {
  const found: string[] = [];
  if (one.title.trim() === "") found.push("title");
  if (!Number.isInteger(one.count) || one.count < 1) found.push("count");
  if (!(cents(one.score) >= 1)) found.push("score");
  if (one.kind === "case" && (one.parts.length === 0 || one.parts.reduce((sum, part) => sum + cents(part), 0) !== cents(one.score))) found.push("parts");
  if (one.rule === "fixed" && !(one.fixed !== null && cents(one.fixed) >= 1 && one.fixed <= one.score)) found.push("fixed");
  if (one.rule === "partial" && one.kind === "multiple" && cents(one.score) % 2 !== 0) found.push("even");
  if (one.shares !== null && one.shares.easy + one.shares.medium + one.shares.hard !== 100) found.push("shares");
  return found;
}

export function blueprintFaults(draft: DraftBlueprint): string[] {
  const found: string[] = [];
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(draft.code.trim())) found.push("code");
  if (draft.title.trim() === "") found.push("title");
  if (draft.sections.length === 0) found.push("no_sections");
  if (cents(sumOf(draft)) !== cents(draft.full)) found.push("sum");
  return found;
}

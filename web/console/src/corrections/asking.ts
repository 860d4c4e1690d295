/** What a proposal's fields mean: letters to keys, lines to blanks. */
import type { CorrectionAsked } from "../api/corrections";

/** "B, AC" → ["B", "AC"]; null when something else stands there. */
export function keysOf(text: string): string[] | null {
  const keys = text.normalize("NFKC").toUpperCase().split(/[,，、;；\s]+/).filter((one) => one !== "");
  return keys.length > 0 && keys.every((one) => /^[A-H]{1,20}$/.test(one)) ? [...new Set(keys)] : null;
}

/** One line for each blank, its forms separated by slashes; null when a line is empty. */
export function blanksOf(text: string): CorrectionAsked["blanks"] | null {
  const lines = text.split("\n").map((line) => line.split("/").map((form) => form.trim()).filter((form) => form !== ""));
  while (lines.length > 0 && lines[lines.length - 1]?.length === 0) lines.pop();
  if (lines.length === 0 || lines.some((forms) => forms.length === 0)) return null;
  return lines.map((accepted) => ({ accepted, tolerance: "0", case_sensitive: false }));
}

/** Results of a session over HTTP; scores in hundredths. */
import { ask, path } from "./http";

export interface SubjectResult {
  subject: string;
  title: string;
  session: string | null;
  attempt: string | null;
  seat: number | null;
  attempt_state: string | null;
  state: string;
  score: number | null;
  max_score: number | null;
  pass_score: number;
  voided: boolean;
  absent: boolean;
  text: string;
}

export interface CandidateResult {
  candidate: string;
  name: string;
  ticket: string;
  document_masked: string;
  employer: string;
  subjects: SubjectResult[];
  verdict: "passed" | "not_passed" | "voided" | "pending";
  verdict_zh: string;
}

export interface ResultsShown {
  session: string;
  title: string;
  state: string;
  final: boolean;
  counts: Record<string, number>;
  candidates: CandidateResult[];
}

export const results = (session: string) => ask<ResultsShown>(path`/api/sessions/${session}/results`);
export const workbook = (session: string, documents: boolean): string =>
  path`/api/sessions/${session}/results.xlsx` + (documents ? "?documents=true" : "");

/** Results of a session over HTTP; scores in hundredths. */
import type { components } from "@shared/api";
import { ask, path } from "./http";

type Schemas = components["schemas"];

export type SubjectResult = Schemas["SubjectResultShown"];

export type CandidateResult = Schemas["CandidateResultShown"];

export type ResultsShown = Schemas["ResultsShown"];

export const results = (session: string) => ask<ResultsShown>(path`/api/sessions/${session}/results`);
export const workbook = (session: string, documents: boolean): string =>
  path`/api/sessions/${session}/results.xlsx` + (documents ? "?documents=true" : "");

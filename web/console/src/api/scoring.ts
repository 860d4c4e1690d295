/** Scoring by hand over HTTP: an assessor's answers one at a time, without a name. Scores in hundredths. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];
export type SessionToScore = Schemas["SessionToScore"];
export type AnswerShown = Schemas["AnswerShown"];
export type Progress = Schemas["ProgressShown"];

export const sessionsToScore = () => ask<SessionToScore[]>("/api/hand-scoring");
export const nextAnswer = (session: string) => command<Schemas["NextShown"]>(path`/api/hand-scoring/${session}/next`);
export const answerAgain = (session: string, key: string) => ask<AnswerShown>(path`/api/hand-scoring/${session}/answers/${key}`);
export const giveScore = (session: string, key: string, score: number, note: string) =>
  command<object>(path`/api/hand-scoring/${session}/answers/${key}`, { score, note: note.trim() === "" ? null : note });
export const picturesOf = (session: string, key: string): string => path`/api/hand-scoring/${session}/answers/${key}/pictures/`;
export const progressOf = (session: string) => ask<Progress>(path`/api/sessions/${session}/hand-scoring`);

/** Statistics over HTTP: scores in hundredths, shares from 0 to 1, null where a figure is not defined. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];
export type SessionStatistics = Schemas["SessionStatistics"];
export type SubjectFigures = Schemas["SubjectFigures"];
export type ItemFigures = Schemas["ItemFigures"];
export type BankStatistics = Schemas["BankStatistics"];
export type BankItemFigures = Schemas["BankItemFigures"];

export const ofSession = (session: string) => ask<SessionStatistics>(path`/api/sessions/${session}/statistics`);
export const ofBank = (bank: string) => ask<BankStatistics>(path`/api/bank/${bank}/statistics`);
export const takeOver = (bank: string, refs: { code: string; version: number }[]) =>
  command<Schemas["DifficultiesTaken"]>(path`/api/bank/${bank}/statistics/difficulties`, { refs });

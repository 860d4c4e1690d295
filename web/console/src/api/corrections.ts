/** Key corrections over HTTP: proposed, ruled on by two, applied, withdrawn. Scores in hundredths. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];
export type Correction = Schemas["CorrectionShown"];
export type CorrectionAsked = Schemas["CorrectionAsked"];
export type CorrectionReport = Schemas["ReportShown"];

const at = (session: string): string => path`/api/sessions/${session}/corrections`;
export const corrections = (session: string) => ask<Correction[]>(at(session));
export const propose = (session: string, asked: CorrectionAsked) => command<{ correction: string }>(at(session), asked);
export const report = (session: string, correction: string) => ask<CorrectionReport>(at(session) + path`/${correction}/report`);
export const rule = (session: string, correction: string, asked: Schemas["RulingAsked"]) => command<object>(at(session) + path`/${correction}/rule`, asked);
export const sign = (session: string, correction: string, asked: Schemas["SecondRuling"]) => command<object>(at(session) + path`/${correction}/sign`, asked);
export const withdraw = (session: string, correction: string, reason: string) => command<object>(at(session) + path`/${correction}/withdraw`, { reason });

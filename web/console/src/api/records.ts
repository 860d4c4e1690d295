/** The record form over HTTP. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type EventOnForm = Schemas["EventOnForm"];

export type ViolationOnForm = Schemas["ViolationOnForm"];

export type AttemptOnForm = Schemas["AttemptOnForm"];

export type CorrectionOnForm = Schemas["CorrectionOnForm"];

export type RecordForm = Schemas["RecordForm"];

export type RecordShown = Schemas["RecordShown"];

export const record = (session: string) => ask<RecordShown>(path`/api/sessions/${session}/record`);
export const correct = (session: string, field: string, value: string, reason: string) =>
  command(path`/api/sessions/${session}/record/correct`, { field, value, reason });
export const writePatrol = (session: string, text: string) => command(path`/api/sessions/${session}/record/patrol`, { text });
export const sign = (session: string, login: string, password: string) =>
  command(path`/api/sessions/${session}/record/sign`, { login, password });

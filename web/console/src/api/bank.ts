/** The item bank over HTTP; no item ever comes out of it here. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type BankShown = Schemas["BankShown"];

export interface Coverage {
  fills: boolean;
  reasons: string[];
}

export const banks = () => ask<BankShown[]>("/api/bank");
export const coverage = (bank: string, blueprint: string) => ask<Coverage>(path`/api/bank/${bank}/coverage/${blueprint}`);
export const importBank = (form: FormData) => command<{ code: string; version: string; items: number }>("/api/bank/import", form);

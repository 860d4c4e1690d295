/** The item bank over HTTP. Every reading of an item is on the ledger: nothing is asked for that nobody looks at. */
import type { components } from "@shared/api";

import { ask, command, path, send } from "./http";

type Schemas = components["schemas"];

export type BankShown = Schemas["BankShown"];
export type LockShown = Schemas["LockShown"];
export type Item = Schemas["Item"];
export type Kind = Schemas["Kind"];
export type Blank = Schemas["Blank"];
export type ItemShown = Schemas["ItemShown"];
export type ItemListed = Schemas["ItemListed"];
export type ItemsShown = Schemas["ItemsShown"];
export type HistoryShown = Schemas["HistoryShown"];
export type Standing = Schemas["StandingShown"];
export type Moved = Schemas["Moved"];
export type Saved = Schemas["Saved"];
export type ItemRef = Schemas["RefAsked"];
export type Coverage = Schemas["Coverage"];
export type ImportTaken = Schemas["ImportTaken"];
export type ContentOutline = Schemas["ContentOutline"];
export type Blueprint = Schemas["Blueprint"];
export type TrialDrawn = Schemas["TrialDrawn"];
export type Step = "propose" | "approve" | "return" | "retire" | "restore";

export const banks = () => ask<BankShown[]>("/api/bank");
export const newBank = (bank: { code: string; title: string; live: boolean }) => command<null>("/api/bank", bank);

export const lockState = () => ask<LockShown>("/api/bank/lock");
export const foundKey = (passphrase: string) => command<null>("/api/bank/found", { passphrase });
export const unlock = (passphrase: string) => command<null>("/api/bank/unlock", { passphrase });
export const lock = () => command<null>("/api/bank/lock");
export const admit = (keeper: { login: string; password: string; passphrase: string }) => command<null>("/api/bank/keepers", keeper);
export const removeKeeper = (person: string) => send<null>("DELETE", path`/api/bank/keepers/${person}`, {});
export const changePassphrase = (old: string, fresh: string) => command<null>("/api/bank/passphrase", { old, new: fresh });

/** What a list of items is asked by; what is empty restricts nothing. */
export interface Wanted {
  q: string;
  kind: string[];
  state: string[];
  point: string[];
  tag: string[];
  difficulty_min: number | null;
  difficulty_max: number | null;
  sort: string;
  descending: boolean;
}

function asQuery(wanted: Wanted): URLSearchParams {
  const query = new URLSearchParams({ q: wanted.q, sort: wanted.sort, descending: String(wanted.descending) });
  for (const name of ["kind", "state", "point", "tag"] as const) for (const value of wanted[name]) query.append(name, value);
  for (const name of ["difficulty_min", "difficulty_max"] as const) if (wanted[name] !== null) query.append(name, String(wanted[name]));
  return query;
}

export function items(bank: string, wanted: Wanted, offset: number, limit: number, signal?: AbortSignal) {
  const query = asQuery(wanted);
  query.set("offset", String(offset));
  query.set("limit", String(limit));
  return ask<ItemsShown>(`${path`/api/bank/${bank}/items`}?${query}`, signal);
}

export const item = (bank: string, code: string, version: number | null = null) =>
  ask<ItemShown>(version === null ? path`/api/bank/${bank}/items/${code}` : path`/api/bank/${bank}/items/${code}/versions/${version}`);
export const history = (bank: string, code: string) => ask<HistoryShown>(path`/api/bank/${bank}/items/${code}/versions`);
export const waiting = (bank: string) => ask<Schemas["WaitingShown"]>(path`/api/bank/${bank}/waiting`);
export const makeItem = (bank: string, made: Item, propose: boolean) =>
  command<Saved>(path`/api/bank/${bank}/items`, { item: made, expected_version: 0, propose });
export const editItem = (bank: string, made: Item, expected_version: number, propose: boolean) =>
  send<Saved>("PUT", path`/api/bank/${bank}/items/${made.code}`, { item: made, expected_version, propose });
export const takeStep = (bank: string, step: Step, refs: ItemRef[], reason: string) =>
  command<Moved>(path`/api/bank/${bank}/items/${step}`, { refs, reason });
export const tagItems = (bank: string, refs: ItemRef[], add: string[], remove: string[]) =>
  command<Moved>(path`/api/bank/${bank}/items/tags`, { refs, add, remove });

export const coverage = (bank: string, blueprint: string) => ask<Coverage>(path`/api/bank/${bank}/coverage/${blueprint}`);
export const importBank = (form: FormData) => command<ImportTaken>("/api/bank/import", form);
/** Address before a picture's name, for the parts that show items. */
export const picturesOf = (bank: string): string => path`/api/bank/${bank}/pictures/`;

/** A picture for items of this bank; an item shows it as ``picture:<name>``. */
export const takePicture = (bank: string, file: File) => command<Schemas["PictureTaken"]>(path`/api/bank/${bank}/pictures`, file);

export const outline = (bank: string) => ask<Schemas["OutlineShown"]>(path`/api/bank/${bank}/outline`);
export const setOutline = (bank: string, given: ContentOutline) => send<Moved>("PUT", path`/api/bank/${bank}/outline`, { outline: given });
export const blueprints = (bank: string) => ask<Blueprint[]>(path`/api/bank/${bank}/blueprints`);
export const setBlueprint = (bank: string, code: string, given: Schemas["BlueprintAsked"]) => send<null>("PUT", path`/api/bank/${bank}/blueprints/${code}`, given);
export const dropBlueprint = (bank: string, code: string) => send<null>("DELETE", path`/api/bank/${bank}/blueprints/${code}`, {});

/** What a draw says of itself; question_bank/draw_report.py. Scores and means are in hundredths. */
export interface DrawReport {
  blueprints: {
    blueprint: string;
    papers: number;
    deviations: { range: string; quota: number; planned: number }[];
    band_deviations: { section: number; title: string; band: "easy" | "medium" | "hard"; quota: number; planned: number }[];
    neighbour_overlap_max: number;
    neighbour_overlap_mean: number;
    exposure_max: number;
    items_used: number;
    worn: number;
    expected: { lowest: number; highest: number; mean: number; sd: number; unknown: number } | null;
  }[];
}
export const trialDraw = (bank: string, asked: { blueprint: string; papers: number; mode: "per_candidate" | "one_form" }) =>
  command<TrialDrawn>(path`/api/bank/${bank}/trial-draw`, asked);

/** Where the items that are wanted can be fetched as one file. */
export const exportAddress = (bank: string, format: "xlsx" | "qti.zip", wanted: Wanted): string => `${path`/api/bank/${bank}/export.`}${format}?${asQuery(wanted)}`;
export const outlineAddress = (bank: string): string => path`/api/bank/${bank}/outline.xlsx`;
export const blueprintAddress = (bank: string, blueprint: string): string => path`/api/bank/${bank}/blueprints/${blueprint}/toml`;
export const templateAddress = (layout: "items" | "options"): string => path`/api/bank/templates/${layout}.xlsx`;

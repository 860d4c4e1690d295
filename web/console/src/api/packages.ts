/** Sealed session packages over HTTP: made, carried, brought in, and opened by two people. */
import type { components } from "@shared/api";

import { ask, command, path, send } from "./http";

type Schemas = components["schemas"];

export type PackageShown = Schemas["PackageShown"];

/** The person at the console, or another who proves who they are there. */
export type Who = { login: string; password: string } | null;

export const packages = () => ask<PackageShown[]>("/api/packages");
export const makePackage = (asked: Schemas["NewPackage"]) => command<PackageShown>("/api/packages", asked);
export const takePackage = (file: File) => command<PackageShown>("/api/packages/take", file);
export const packageFile = (name: string): string => path`/api/packages/${name}/file`;
export const showPart = (name: string, who: Who) => command<Schemas["PartShown"]>(path`/api/packages/${name}/part`, { ...who });
export const enterPart = (name: string, part: string, who: Who) => command<Schemas["PartEntered"]>(path`/api/packages/${name}/open`, { part, ...who });
export const closePackage = (name: string) => command<null>(path`/api/packages/${name}/close`);
export const discardPackage = (name: string) => send<null>("DELETE", path`/api/packages/${name}`, {});

/** Stations and their enrolment, over HTTP. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type StationShown = Schemas["StationShown"];

export const stations = () => ask<StationShown[]>("/api/stations");
/** The enrolment file of a room's seats; told once, kept nowhere. */
export const enrolment = (room: string, seats: number[] | null) => command<object[]>(path`/api/rooms/${room}/enrolment`, { seats });
export type CodeShown = Schemas["CodeShown"];
/** Codes to be typed at the machines of a room; told once, kept nowhere. */
export const enrolmentCodes = (room: string, seats: number[] | null) =>
  command<CodeShown[]>(path`/api/rooms/${room}/enrolment-codes`, { seats });
export const retire = (station: string) => command<StationShown>(path`/api/stations/${station}/retire`);

/** Stations and their enrolment, over HTTP. */
import { ask, command, path } from "./http";

export interface StationShown {
  id: string;
  room: string;
  seat: number;
  state: string;
  enrolled_at: number | null;
}

export const stations = () => ask<StationShown[]>("/api/stations");
/** The enrolment file of a room's seats; told once, kept nowhere. */
export const enrolment = (room: string, seats: number[] | null) => command<object[]>(path`/api/rooms/${room}/enrolment`, { seats });
export const retire = (station: string) => command<StationShown>(path`/api/stations/${station}/retire`);

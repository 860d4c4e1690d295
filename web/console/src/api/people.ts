/** People and who is on duty, over HTTP. */
import type { components } from "@shared/api";
import type { Me, Role } from "../people/me";
import { ask, command, path, send } from "./http";

type Schemas = components["schemas"];

export type NewPerson = Schemas["NewPerson"];

export type OnDuty = Schemas["OnDutyShown"];

export const people = () => ask<Me[]>("/api/people");
export const addPerson = (asked: NewPerson) => command<Me>("/api/people", asked);
export const setRoles = (person: string, roles: Role[]) => send<Me>("PUT", path`/api/people/${person}/roles`, { roles });
export const setPassword = (person: string, password: string) => send<null>("PUT", path`/api/people/${person}/password`, { password });
export const changePerson = (person: string, change: object) => send<Me>("PATCH", path`/api/people/${person}`, change);

export const staffOf = (session: string) => ask<OnDuty[]>(path`/api/sessions/${session}/staff`);
export const assign = (session: string, person: string, role: Role) =>
  command<OnDuty[]>(path`/api/sessions/${session}/staff`, { person, role });
export const relieve = (session: string, person: string, role: Role) =>
  send<OnDuty[]>("DELETE", path`/api/sessions/${session}/staff/${person}/${role}`, {});

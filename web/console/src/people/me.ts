/** Who is signed in at this console, and what the menu offers to their roles. The server decides; this only hides. */
import type { components } from "@shared/api";
import { computed, readonly, shallowRef } from "vue";

import { ask, command, Refusal } from "../api/http";

type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Me = Schemas["PersonShown"];

export const ROLES = [
  "exam_office",
  "bank_keeper",
  "proctor",
  "quality_supervisor",
  "assessor",
  "patrol",
  "reviewer",
  "archivist",
  "confirming_body",
  "administrator",
] as const satisfies readonly Role[];

/** Roles that speak to seats, flag and sign; orders to seats and to the room are a proctor's alone. */
export const RULING: readonly Role[] = ["proctor", "quality_supervisor"];
export const ORDERING: readonly Role[] = ["proctor"];
export const WATCHING: readonly Role[] = ["exam_office", "proctor", "quality_supervisor", "assessor", "patrol"];
export const REVIEWING: readonly Role[] = ["reviewer", "confirming_body", "archivist"];
export const OFFICE: readonly Role[] = ["exam_office", "administrator"];

const current = shallowRef<Me | null>(null);
export const me = readonly(current);

export function holds(roles: readonly Role[]): boolean {
  return current.value?.roles.some((role) => roles.includes(role)) ?? false;
}

export const mayRule = computed(() => holds(RULING));

/** Whose login this browser holds; null when nobody's. */
export async function recall(): Promise<Me | null> {
  try {
    current.value = await ask<Me>("/api/me");
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    current.value = null;
  }
  return current.value;
}

export async function signIn(login: string, password: string): Promise<void> {
  await command("/api/login", { login, password });
  await recall();
}

export async function signOut(): Promise<void> {
  await command("/api/logout");
  current.value = null;
}

export function forget(): void {
  current.value = null;
}

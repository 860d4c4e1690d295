import { inject, type InjectionKey, type ShallowRef } from "vue";

import type { BankShown } from "../api/bank";

/** The bank whose screens these are, and how to read it again after something changed. */
export interface BankHere {
  shown: ShallowRef<BankShown | null>;
  refresh: () => Promise<void>;
}
export const BANK: InjectionKey<BankHere> = Symbol("bank");

export function useBank(): BankHere {
  const here = inject(BANK);
  if (here === undefined) throw new Error("no bank was provided");
  return here;
}

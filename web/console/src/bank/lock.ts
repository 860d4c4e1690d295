/** Whether the banks are unlocked: one state for every screen of the workbench. */
import { computed, onBeforeUnmount, onMounted, readonly, shallowRef } from "vue";

import { lockState, type LockShown } from "../api/bank";
import { Refusal } from "../api/http";

/** The server forgets the key by itself after a while; this often the screen asks, in milliseconds. */
const ASK_MS = 30_000;

const state = shallowRef<LockShown | null>(null);
const failure = shallowRef<unknown>(null);

export async function refreshLock(): Promise<void> {
  try {
    state.value = await lockState();
    failure.value = null;
  } catch (error) {
    failure.value = error;
  }
}

/** A refusal that says the banks are locked brings the gate back. */
export function noticeLock(error: unknown): void {
  if (error instanceof Refusal && error.code === "bank_locked") void refreshLock();
}

export function useLock() {
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void refreshLock();
    timer = setInterval(() => void refreshLock(), ASK_MS);
  });
  onBeforeUnmount(() => clearInterval(timer));
  return { lock: readonly(state), failure: readonly(failure), unlocked: computed(() => state.value?.unlocked === true) };
}

/** Say to the person at the screen what became of their command: done, refused with its sentence, or not known. */
import { ElMessage } from "element-plus";
import type { Composer } from "vue-i18n";

import { Refusal, Unreachable } from "../api/http";

type Say = Composer["t"];

export function sentence(t: Say, error: unknown): string {
  if (error instanceof Refusal) return document.documentElement.lang === "en" ? error.en : error.zh;
  if (error instanceof Unreachable) return t("unreachable");
  return t("failed");
}

/** Do it and say the sentence when it fails; whether it was done is returned. */
export async function tell(t: Say, doing: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await doing();
    if (done !== undefined) ElMessage({ type: "success", message: done, grouping: true });
    return true;
  } catch (error) {
    ElMessage({ type: "error", message: sentence(t, error), duration: 8000, showClose: true, grouping: true });
    return false;
  }
}

import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";

import { useExam } from "./store";

/** What the station refused, in the language of the page; null when nothing stands. */
export function useRefusal(): ComputedRef<string | null> {
  const exam = useExam();
  const { locale } = useI18n();
  return computed(() => {
    const view = exam.view.value;
    return (locale.value === "en" ? (view?.refusal_en ?? view?.refusal) : view?.refusal) ?? null;
  });
}

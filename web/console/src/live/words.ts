/** Codes and spans in the words of the screen's language; a code without a word is shown as it is. */
import { span } from "@shared/format";
import { useI18n } from "vue-i18n";

export function useWords() {
  const { t, te, locale } = useI18n();
  const titles = (title: { zh: string; en: string }): string => (locale.value === "en" ? title.en : title.zh);
  const word = (under: string, code: string): string => (te(`${under}.${code}`) ? t(`${under}.${code}`) : code);
  const spanOf = (ms: number): string => {
    const { count, unit } = span(ms);
    return t(`span.${unit}`, { count });
  };
  const silenceOf = (ms: number): string => (Number.isFinite(ms) ? t("live.silent", { span: spanOf(ms) }) : t("live.trouble.silent"));
  return { t, te, locale, word, titles, spanOf, silenceOf };
}

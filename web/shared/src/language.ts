import { createI18n, type I18n } from "vue-i18n";

export const LANGUAGES = { "zh-CN": "中文", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = "kaochang.language";

/** The language of this page: the one chosen here before, else the browser's, else Chinese. */
export function startLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === "zh-CN" || kept === "en") return kept;
  const first = browser.find((tag) => /^(zh|en)\b/i.test(tag));
  return first !== undefined && /^en\b/i.test(first) ? "en" : "zh-CN";
}

/** Texts of one page in both languages; both have the same keys, the compiler sees to it. */
export function createTexts<Texts extends Record<string, unknown>>(texts: Record<Language, Texts>): I18n {
  const locale = startLanguage(localStorage.getItem(KEPT_AS), navigator.languages);
  document.documentElement.lang = locale;
  return createI18n({ legacy: false, locale, fallbackLocale: "zh-CN", messages: texts as never }) as unknown as I18n;
}

/** Keep a choice for the next visit of this browser and say it to screen readers. */
export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  document.documentElement.lang = language;
}

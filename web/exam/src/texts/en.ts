import type { Texts } from "./zh-CN";

export const en: Texts = { title: "Exam" };

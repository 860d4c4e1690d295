export const zh = { tab: "成绩" };

export const en: typeof zh = { tab: "Results" };

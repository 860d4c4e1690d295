export const zhCN = { title: "考试" };

/** What every language of this page says. */
export type Texts = typeof zhCN;

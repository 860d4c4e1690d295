export const zhCN = { title: "考场监控" };

/** What every language of this page says. */
export type Texts = typeof zhCN;

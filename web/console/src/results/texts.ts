export const zh = {
  tab: "成绩", heading: "成绩", provisional: "暂定成绩，确认后方可下载和发布", final: "已确认", download: "下载成绩表", documents: "含完整证件号码（记录查阅人）", verdict_column: "结论", score: "成绩",
  verdict: { passed: "合格", not_passed: "不合格", voided: "成绩取消", pending: "待定" }, voided: "成绩取消", absent: "缺考", none: "—",
};

export const en: typeof zh = {
  tab: "Results", heading: "Results", provisional: "Provisional: they can be downloaded once confirmed", final: "confirmed", download: "Download workbook", documents: "with full document numbers (recorded)", verdict_column: "Verdict", score: "Score",
  verdict: { passed: "passed", not_passed: "not passed", voided: "voided", pending: "pending" }, voided: "voided", absent: "absent", none: "—",
};

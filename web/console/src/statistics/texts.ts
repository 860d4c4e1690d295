export const zh = {
  tab: "统计", heading: "考后统计", of_bank: "题库统计", back: "返回题库统计", computing: "正在计算…",
  summary: {
    n: "计入统计", mean: "平均分", sd: "标准差", median: "中位数", range: "最低—最高", passed: "及格人数", reliability: "信度", sem: "测量标准误", forms: "不同试卷数",
    pending: "待人工评分", voided: "成绩取消", absent: "缺考", silent: "未作答",
  },
  left_out: "未计入：{list}",
  method: { alpha: "克龙巴赫 α（同一套试题）", kr20: "KR-20（同一套试题）", stratified_parallel: "分层平行卷估计（每人抽题不同，为偏低估计）" },
  why_not: { too_few_candidates: "人数不足，无法计算", no_variance: "成绩没有差异，无法计算", one_item: "有的部分只有一道题，无法计算" },
  distribution: "成绩分布", bar: "{least}—{below} 分：{count} 人", bar_last: "{least}—{below} 分（含满分）：{count} 人", pass_line: "及格线 {score}", mean_line: "平均 {score}",
  chart: "成绩分布图，共 {n} 人，最低 {lowest}，最高 {highest}，平均 {mean}，及格线 {pass}",
  items: "试题", items_hint: "需要看的试题排在最前。数值供人判断，不代表试题有错。用时由两次作答的间隔估计。",
  only_concerns: "只看需要看的（{count}）", find: "按编号查找",
  column: {
    item: "试题编号", n: "人数", facility: "难度 P", discrimination: "区分度 D", point_biserial: "题总相关", corrected: "校正题总相关", omitted: "未答", time: "平均用时（估计）", why: "需要看的原因",
    sessions: "场次", proposed: "建议难度", mean: "平均分", date: "日期",
  },
  hint: {
    facility: "得分与满分之比的平均，越大越容易", discrimination: "总分最高 27% 与最低 27% 两组难度之差", point_biserial: "该题得分与总分的相关", corrected: "该题得分与其余试题总分的相关",
  },
  part: "第 {part} 小题", void_item: "已全员给分", options: "选项", option: { letter: "选项", right: "答案", count: "人数", share: "占比", upper: "高分组", middle: "中间组", lower: "低分组", correlation: "与总分相关" },
  no_options: "该题型没有选项。", option_chart: "选项 {letter}：高分组 {upper}，中间组 {middle}，低分组 {lower}",
  concern: {
    key_suspected: "答案存疑：高分组多选 {letter}", negative_discrimination: "区分度为负（{found}）", distractor_of_the_best: "干扰项 {letter} 更吸引高分考生", too_hard: "过难（{found}）",
    weak_discrimination: "区分度低（{found}）", omitted_often: "未答较多（{found}）", too_easy: "过易（{found}）", distractor_unused: "干扰项 {letter} 无人选",
  },
  concern_plain: { key_suspected: "答案存疑", distractor_of_the_best: "有干扰项更吸引高分考生", distractor_unused: "有干扰项无人选", negative_discrimination: "区分度为负", too_hard: "过难", weak_discrimination: "区分度低", omitted_often: "未答较多", too_easy: "过易" },
  undefined: "—", seconds: "{count} 秒",
  bank_hint: "合并全部已结束场次。难度按全部考生合并；区分度和相关为各场次按人数加权平均。", waiting: "还有 {count} 个场次尚未计算，点“继续计算”。", go_on: "继续计算",
  take_over: "采用建议难度（{count} 题）", take_over_hint: "为所选试题各建一个新版本并提交，由另一名题库管理员审定。", taken: "已提交 {count} 题的新版本", passed_over: "{count} 题未处理（已被修改、停用或难度相同）",
  proposal: "{difficulty} ± {error}", choose: "选择 {item}", choose_all: "全选有建议的试题",
};

export const en: typeof zh = {
  tab: "Statistics", heading: "Statistics after the exam", of_bank: "Bank statistics", back: "Back to the bank", computing: "Computing…",
  summary: {
    n: "counted", mean: "mean", sd: "SD", median: "median", range: "lowest–highest", passed: "passed", reliability: "reliability", sem: "standard error", forms: "different papers",
    pending: "wait for assessors", voided: "voided", absent: "absent", silent: "answered nothing",
  },
  left_out: "Left out: {list}",
  method: { alpha: "Cronbach's alpha (one form)", kr20: "KR-20 (one form)", stratified_parallel: "stratified-parallel estimate (papers drawn for each; a lower estimate)" },
  why_not: { too_few_candidates: "not computable: too few candidates", no_variance: "not computable: all scores are the same", one_item: "not computable: a section has a single item" },
  distribution: "Distribution of scores", bar: "{least}–{below}: {count}", bar_last: "{least}–{below} (full score included): {count}", pass_line: "pass {score}", mean_line: "mean {score}",
  chart: "Distribution of {n} scores: lowest {lowest}, highest {highest}, mean {mean}, pass score {pass}",
  items: "Items", items_hint: "Those to look at stand first. A figure accuses no item: people decide. Times are estimates from when answers were saved.",
  only_concerns: "only those to look at ({count})", find: "Find by code",
  column: {
    item: "Item", n: "n", facility: "Facility P", discrimination: "Discrimination D", point_biserial: "Point-biserial", corrected: "Corrected r", omitted: "Omitted", time: "Mean time (est.)", why: "Why to look",
    sessions: "Sessions", proposed: "Proposed difficulty", mean: "Mean", date: "Date",
  },
  hint: {
    facility: "mean share of the score; larger is easier", discrimination: "facility in the upper less that in the lower 27 percent by total score", point_biserial: "correlation of item and total score", corrected: "correlation of the item with the total of the others",
  },
  part: "part {part}", void_item: "full score for all", options: "Options", option: { letter: "Option", right: "Key", count: "n", share: "Share", upper: "Upper", middle: "Middle", lower: "Lower", correlation: "r with total" },
  no_options: "This kind of item has no options.", option_chart: "Option {letter}: upper {upper}, middle {middle}, lower {lower}",
  concern: {
    key_suspected: "key suspected: the best choose {letter}", negative_discrimination: "negative discrimination ({found})", distractor_of_the_best: "distractor {letter} attracts the best", too_hard: "too hard ({found})",
    weak_discrimination: "weak discrimination ({found})", omitted_often: "often omitted ({found})", too_easy: "too easy ({found})", distractor_unused: "nobody chose {letter}",
  },
  concern_plain: { key_suspected: "key suspected", distractor_of_the_best: "a distractor attracts the best", distractor_unused: "a distractor nobody chose", negative_discrimination: "negative discrimination", too_hard: "too hard", weak_discrimination: "weak discrimination", omitted_often: "often omitted", too_easy: "too easy" },
  undefined: "—", seconds: "{count} s",
  bank_hint: "All sessions that are over, together. Facility is of all candidates; discrimination and correlation are the sessions' means weighed by candidates.", waiting: "{count} sessions are still to be computed.", go_on: "Go on",
  take_over: "Take over difficulty ({count})", take_over_hint: "Makes a new version of each chosen item and proposes it; another keeper approves.", taken: "New versions proposed: {count}", passed_over: "{count} passed over (edited, retired or the same)",
  proposal: "{difficulty} ± {error}", choose: "Choose {item}", choose_all: "Choose all with a proposal",
};

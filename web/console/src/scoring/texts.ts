export const zh = {
  menu: "人工评分", heading: "人工评分", hint: "评分时看不到考生姓名、机位和其他考评员的评分。两人评分相差过大时由第三人裁定。", session: "场次", given: "已评", left: "待评", begin: "开始评分", recused: "您在本场任职，须回避",
  nothing: "没有待您评分的作答。", over: "本场次没有待您评分的作答了。", back: "返回场次列表", question: "试题", shared: "案例背景", reference: "参考答案与评分要点", no_reference: "没有参考答案。", answer: "考生作答",
  score: "评分", of: "满分 {most}", step: "以 {step} 分为单位", note: "评语（可不填）", give: "提交评分", previous: "上一份", next: "回到当前", change: "修改评分", mine: "您的评分：{score}", saved: "已评 {score} 分",
  progress: "已评 {given}，待评 {left}", keys: "数字键输入分数，回车提交，← 看上一份，→ 回来", full: "满分", zero: "0 分", chars: "{count} 字", not_a_score: "请输入 0 至 {most} 之间、{step} 的整数倍。",
  office: { heading: "人工评分进度", answers: "须评作答", settled: "已定", third: "须第三人", attempts: "待定考生", none: "本场次没有须人工评分的作答。", by: "各考评员已评：{list}" },
};

export const en: typeof zh = {
  menu: "Scoring", heading: "Scoring by hand", hint: "You see no name, no seat and no other assessor's score. Where two differ too much a third decides.", session: "Session", given: "scored", left: "waiting", begin: "Begin", recused: "You worked in this session and are recused",
  nothing: "No answer waits for you.", over: "No answer of this session waits for you any more.", back: "Back to the sessions", question: "Item", shared: "Case", reference: "Reference answer and hints", no_reference: "There is no reference answer.", answer: "Candidate's answer",
  score: "Score", of: "of {most}", step: "in steps of {step}", note: "Comment (may be empty)", give: "Give score", previous: "Previous", next: "Back to this one", change: "Change score", mine: "Your score: {score}", saved: "Scored {score}",
  progress: "{given} scored, {left} waiting", keys: "Type the score, Enter gives it, ← goes back, → returns", full: "Full", zero: "0", chars: "{count} characters", not_a_score: "A score lies between 0 and {most}, in steps of {step}.",
  office: { heading: "Scoring by hand", answers: "answers", settled: "settled", third: "for a third", attempts: "attempts waiting", none: "No answer of this session is scored by hand.", by: "By assessor: {list}" },
};

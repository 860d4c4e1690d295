export const zh = {
  tab: "答案更正", heading: "答案更正", propose: "提议更正", none: "没有答案更正。", hint: "提议只生成报告，不改变任何成绩；须由两名审核人员或评价办公室人员先后签字才生效，原成绩保留。",
  column: { item: "试题", remedy: "处理", scope: "范围", state: "状态", by: "提议人", at: "时间", reason: "理由" },
  remedy: { keys: "更正答案", full_score: "全员给分", void: "试题作废（全员给分）" },
  scope: { session: "本场次", batch: "本批次全部已结束场次" },
  state: { proposed: "待裁定", ruled: "待第二人签字", applied: "已生效", withdrawn: "已撤回" },
  ask: { item: "试题编号", version: "版本", part: "小题（案例题填第几小题）", keys: "认可的答案", keys_hint: "按试题原选项顺序填字母，多个答案用逗号分隔，例如“B, AC”；排序题按顺序填，匹配题每项一个字母", forms: "各空认可的答案", forms_hint: "每行一个空，同一空的多种写法用“/”分隔", whole: "整题" },
  report: "查看报告", report_heading: "更正报告", rule: "裁定生效", sign: "第二人签字生效", withdraw: "撤回", own: "本人密码",
  counts: { asked: "答过此题", up: "升分", down: "降分", gained: "变为合格", lost: "变为不合格", left_out: "评分后另有作答（须单独裁定）", unscored: "尚未评分" },
  key_before: "原答案", key_after: "认可的答案", change: { seat: "机位", ticket: "准考证号", name: "姓名", before: "原成绩", after: "更正后", difference: "变化", verdict: "结论变化" },
  gained: "不合格 → 合格", lost: "合格 → 不合格", voided: "成绩已取消", nobody: "没有成绩变化。", keeper: "题库管理人员看不到考生名单。", ruled_by: "{name} 裁定：{reason}", applied_by: "{name} 签字生效", withdrawn_by: "{name} 撤回：{reason}", proposed: "已提议，请查看报告", ruled: "已裁定，待第二人签字", applied: "已生效", gone: "已撤回",
};

export const en: typeof zh = {
  tab: "Key corrections", heading: "Key corrections", propose: "Propose a correction", none: "There are no corrections.", hint: "A proposal makes a report and changes no score. Two people of review or confirming body sign one after the other; old scores are kept.",
  column: { item: "Item", remedy: "Remedy", scope: "Scope", state: "State", by: "Proposed by", at: "When", reason: "Reason" },
  remedy: { keys: "other keys", full_score: "full score for all", void: "item void (full score for all)" },
  scope: { session: "this session", batch: "every session of the batch that is over" },
  state: { proposed: "to be ruled on", ruled: "waits for the second signature", applied: "applied", withdrawn: "withdrawn" },
  ask: { item: "Item code", version: "Version", part: "Part (of a case, its number)", keys: "Keys accepted", keys_hint: "Letters in the item's own order; several keys with commas between, such as “B, AC”; of ordering the order, of matching a letter for each premise", forms: "Accepted in each blank", forms_hint: "One line for each blank, forms separated by “/”", whole: "whole item" },
  report: "See report", report_heading: "Report", rule: "Rule that it counts", sign: "Second signature", withdraw: "Withdraw", own: "Your own password",
  counts: { asked: "had the item", up: "rise", down: "fall", gained: "begin to pass", lost: "no longer pass", left_out: "answers after the score (a ruling of their own)", unscored: "not scored yet" },
  key_before: "Key", key_after: "Accepted", change: { seat: "Seat", ticket: "Ticket", name: "Name", before: "Before", after: "After", difference: "Change", verdict: "Verdict" },
  gained: "not passed → passed", lost: "passed → not passed", voided: "voided", nobody: "No score changes.", keeper: "Bank keepers see no candidates.", ruled_by: "{name} ruled: {reason}", applied_by: "{name} signed", withdrawn_by: "{name} withdrew: {reason}", proposed: "Proposed: look at the report", ruled: "Ruled: the second signature is awaited", applied: "Applied", gone: "Withdrawn",
};

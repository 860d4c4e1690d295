export const zh = {
  heading: "考场记录表", sign: "签字", correct: "更正", signed: "两人已签字，不能再更改", not_signed: "未签字", waiting: "尚不能签字：",
  print_hint: "打印后存档", field: "栏目", value: "更正为", corrected: "更正", by_at: "{by} {time}", first: "第一签字人", second: "第二签字人", signature: "签字",
  basic: "基本情况", people: "人员", numbers: "人数与异常", list: "考生名单", events: "考场情况", events_below: "{count} 条，见下表", violations: "违纪处理", corrections: "更正", none: "无",
  title: "场次", batch: "批次", room: "考场", scheme: "考核方案", run_type: "类型", subjects: "科目", planned_at: "计划开考", started_at: "实际开考", ended_at: "结束", paused: "全场暂停", added: "全场补时", time_given: "补时与暂停",
  rules: "宣读规则", rules_read: "{by} 于 {time} 宣读", rules_waived: "未宣读：{reason}", confirmed_by: "确认开考", staff: "工作人员",
  time: "时间", what: "情况", who: "经办", why: "理由或说明", receipt: "交卷凭据", handed_in_at: "交卷时间", answered: "作答", link: "断线", code: "违纪情形", state: "处理", statement: "陈述申辩",
  fingerprint: "考场公钥指纹", form_digest: "表格摘要", heads_digest: "记录链摘要（{streams} 条）", scheme_digest: "方案摘要",
  minutes: "{count} 分钟",
  count: {
    expected: "应到", attended: "实到", absent: "缺考", refused: "拒绝入场", late: "迟到", handed_in: "交卷", collected: "收卷", voided: "取消成绩", machine_changes: "换机", extended: "补时",
    suspended: "暂停答题", revoked: "撤回交卷", late_admitted: "采纳迟到作答", late_waiting: "迟到作答待定", not_counted: "不计分作答", quarantined: "不可采信记录", link_losses: "断线次数", flags: "疑点",
    flags_open: "未处理疑点", pictures: "抓拍照片", pictures_outstanding: "未到照片", pictures_missed: "缺失照片", scored_by_hand: "须人工评分人数",
  },
  fields: {
    expected: "应到", attended: "实到", absent: "缺考", started_at: "实际开考", ended_at: "结束时间", rules: "宣读规则", violations: "违纪处理", machine_changes: "换机", time_compensation: "补时",
    faults: "设备网络故障", patrol: "巡考", remarks: "备注",
  },
  wait: { not_ended: "场次未结束", not_scored: "成绩正在计算", late_waiting: "有迟到作答待决定", flags_open: "有疑点未处理", late: "有迟到作答待决定" },
  void_state: { proposed: "待第二人签字", signed: "已取消（待评价办公室决定）", upheld: "维持取消", lifted: "已撤销取消", withdrawn: "提议已撤回" },
};

export const en: typeof zh = {
  heading: "Record form", sign: "Sign", correct: "Correct", signed: "Signed by two people; it cannot be changed", not_signed: "not signed", waiting: "Cannot be signed yet: ",
  print_hint: "Printed for the archive", field: "Field", value: "Correct to", corrected: "corrected", by_at: "{by} {time}", first: "First signature", second: "Second signature", signature: "Signature",
  basic: "Session", people: "People", numbers: "Numbers", list: "Candidates", events: "What happened", events_below: "{count}, listed below", violations: "Violations", corrections: "Corrections", none: "none",
  title: "Session", batch: "Batch", room: "Room", scheme: "Scheme", run_type: "Type", subjects: "Subjects", planned_at: "Planned start", started_at: "Started", ended_at: "Ended", paused: "Paused", added: "Extended", time_given: "Extended, paused",
  rules: "Reading of rules", rules_read: "read by {by} at {time}", rules_waived: "not read: {reason}", confirmed_by: "Start confirmed", staff: "Staff",
  time: "Time", what: "What", who: "By", why: "Reason", receipt: "Receipt", handed_in_at: "Handed in", answered: "Answered", link: "Link lost", code: "Violation", state: "State", statement: "Statement",
  fingerprint: "Fingerprint of the room key", form_digest: "Form digest", heads_digest: "Digest of the heads ({streams})", scheme_digest: "Scheme digest",
  minutes: "{count} min",
  count: {
    expected: "expected", attended: "attended", absent: "absent", refused: "refused", late: "late", handed_in: "handed in", collected: "collected", voided: "voided", machine_changes: "machine changes", extended: "extensions",
    suspended: "suspensions", revoked: "hand-ins revoked", late_admitted: "late answers admitted", late_waiting: "late answers waiting", not_counted: "answers not counted", quarantined: "entries not trusted", link_losses: "links lost", flags: "flags",
    flags_open: "flags open", pictures: "pictures", pictures_outstanding: "pictures to come", pictures_missed: "pictures missed", scored_by_hand: "attempts scored by hand",
  },
  fields: {
    expected: "Expected", attended: "Attended", absent: "Absent", started_at: "Start", ended_at: "End", rules: "Reading of rules", violations: "Violations", machine_changes: "Machine changes", time_compensation: "Time given back",
    faults: "Faults", patrol: "Patrol", remarks: "Remarks",
  },
  wait: { not_ended: "the session has not ended", not_scored: "scores are being computed", late_waiting: "late answers wait for a decision", flags_open: "flags are open", late: "late answers wait for a decision" },
  void_state: { proposed: "awaits second signature", signed: "voided, to be decided", upheld: "upheld", lifted: "lifted", withdrawn: "withdrawn" },
};

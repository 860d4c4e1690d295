export const zh = {
  search: "名称、考场或批次", create: "新建场次", today: "今天", coming: "以后", past: "以前", plan: "安排",
  id: "场次编号", title: "名称", room: "考场", batch: "批次", starts_at: "开考时间", run_type: "类型", state: "状态", scheme: "考核方案", bank: "题库", blueprint: "组卷方案",
  duration: "时长", started_at: "实际开考", ended_at: "结束", scheme_digest: "方案摘要",
  schemes: { "s3-a": "施工现场专业人员（S3-A）", "s3-b": "建筑工人（S3-B）", demo: "演示（八分钟）" },
  verb: { apply: "申报", approve: "批准", return: "退回", load: "装载试卷", cancel: "取消", archive: "归档", reschedule: "改期" },
  ask: {
    apply: "向评价办公室申报本场次。", approve: "批准本场次按计划举行。", return: "退回本场次，须说明理由。",
    load: "为全部考生抽题、组卷并加密封存。装载后不能再调整考生名单。", cancel: "取消后本场次不再举行。", archive: "归档后考试机可以清除本场次的数据。",
  },
  staff: { heading: "工作人员", add: "安排", none: "尚未安排工作人员", person: "人员", role: "职责", relieve: "撤下", relieved: "{time} 撤下" },
  roster: { heading: "考生名单", none: "名单为空", count: "{count} 名考生", seat: "机位", candidate: "考生", subject: "科目", state: "状态", import: "导入名单" },
  journal: {
    heading: "导入考试机日志", hint: "考试机未能联网送达的作答，可用U盘中的日志文件导入。重复导入不会重复计算。", done: "共 {entries} 条，新收 {taken} 条，已有 {repeated} 条，无法采信 {quarantined} 条",
  },
  confirm: "确认全场成绩", confirm_hint: "全部应试审查完毕后，由评价办公室确认。",
};

export const en: typeof zh = {
  search: "Name, room or batch", create: "New session", today: "Today", coming: "Coming", past: "Past", plan: "Plan",
  id: "Session number", title: "Name", room: "Room", batch: "Batch", starts_at: "Starts", run_type: "Type", state: "State", scheme: "Scheme", bank: "Bank", blueprint: "Blueprint",
  duration: "Duration", started_at: "Started", ended_at: "Ended", scheme_digest: "Scheme digest",
  schemes: { "s3-a": "Site staff (S3-A)", "s3-b": "Building workers (S3-B)", demo: "Demo (eight minutes)" },
  verb: { apply: "Apply", approve: "Approve", return: "Return", load: "Load papers", cancel: "Cancel", archive: "Archive", reschedule: "Reschedule" },
  ask: {
    apply: "Apply to the confirming body for this session.", approve: "The session may be held as planned.", return: "The session goes back; say why.",
    load: "Draw, compose and seal a paper for every candidate. The roster is fixed from here.", cancel: "The session will not be held.", archive: "Stations may delete what they hold of this session.",
  },
  staff: { heading: "Staff", add: "Assign", none: "Nobody assigned yet", person: "Person", role: "Duty", relieve: "Relieve", relieved: "relieved {time}" },
  roster: { heading: "Roster", none: "The roster is empty", count: "{count} candidates", seat: "Seat", candidate: "Candidate", subject: "Subject", state: "State", import: "Import roster" },
  journal: {
    heading: "Import a station's journal", hint: "Answers that never reached the room can be brought in a journal file on a stick. Importing twice is harmless.", done: "{entries} entries: {taken} new, {repeated} known, {quarantined} not trusted",
  },
  confirm: "Confirm the session", confirm_hint: "By the confirming body, when every attempt has been reviewed.",
};

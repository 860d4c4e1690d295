export const zh = {
  search: "名称、考场或批次", create: "新建场次", today: "今天", coming: "以后", past: "以前", plan: "安排",
  id: "场次编号", title: "名称", room: "考场", batch: "批次", starts_at: "开考时间", run_type: "类型", state: "状态", scheme: "考核方案", bank: "题库", blueprint: "组卷方案",
  duration: "时长", started_at: "实际开考", ended_at: "结束", scheme_digest: "方案摘要",
  schemes: { "s3-a": "施工现场专业人员（S3-A）", "s3-b": "建筑工人（S3-B）", demo: "演示（八分钟）" },
  verb: { apply: "申报", approve: "批准", return: "退回", load: "装载试卷", cancel: "取消", archive: "归档", reschedule: "改期" },
  ask: {
    apply: "向评价办公室申报本场次。", approve: "批准本场次按计划举行。", return: "退回本场次，须说明理由。",
    load: "为全部考生抽题、组卷并加密封存。此后名单固定，只能用备用试卷增加考生。", cancel: "取消后本场次不再举行。", archive: "归档后考试机可以清除本场次的数据。",
  },
  events: { heading: "期限起算日期", hint: "登记后据此计算审查期限；更正已登记的日期须填写原因。", practical_end: "实操评价结束", upload: "资料上传", report: "登记" },
  staff: { heading: "工作人员", add: "安排", none: "尚未安排工作人员", person: "人员", role: "职责", relieve: "撤下", relieved: "{time} 撤下" },
  roster: { heading: "考生名单", none: "名单为空", count: "{count} 名考生", seat: "机位", candidate: "考生", subject: "科目", state: "状态", import: "导入名单" },
  coverage: {
    heading: "题库能否满足", state: { fills: "可以组卷", told: "可以组卷，请留意：", lacks: "不能组卷", locked: "题库已锁定，解锁后可查看" },
    items: "可用 {usable} 题，{papers} 份试卷，另备用 {spares} 份", importance: "每卷", exposure: "单题以往最多 {count} 份试卷",
    deviations: "{count} 个鉴定范围与比重不符（实有/应有）：{list}", band: "{section}：{band}题实有 {planned}，应有 {quota}", easy: "易", medium: "中", hard: "难",
    thin: "{count} 个鉴定点没有试题：{list}", scarce: "{count} 个鉴定点只有一题：{list}", outside: "{count} 题不在细目表的鉴定点上，不会抽到：{list}",
    unknown: "{count} 题没有难度，按题库平均计", resting: "{count} 题已达使用上限，暂不抽用；其中 {returned} 题因别无他题仍会用到",
  },
  draw: {
    heading: "抽题与封存", parts: "随机部分", part: "随机部分（8 至 200 个字符）", example: "例如掷骰子：3 1 4 6 2 5 1 6 …", enter: "提交这一部分", entered: "已记录。内容在考试结束后公布。",
    why: "抽题的随机秘密由三部分合成：计划时服务器已承诺的一部分，以及现在两个人各输入的一部分。任何人都不能单独左右抽题结果。", second: "另一部分须由另一个人输入。",
    by: "{name} 于 {time} 输入", missing: "尚未输入", commitment: "抽题承诺", server_part: "服务器部分的摘要",
    papers: "{count} 份试卷，邻座最多相同 {overlap} 题，单题最多 {exposure} 份", spread: "预期得分 {lowest} – {highest}，标准差 {sd}",
    later: "考试结束后公布各部分与全部抽题输入，任何人都可以用 kaochang bank prove 重算每份试卷。", revealed: "已公布。下载后可用 kaochang bank prove --file 重算每份试卷。", download: "下载抽题证明",
  },
  late: {
    add: "增加考生", hint: "试卷已封存。新增的考生使用一份备用试卷：编号最小的一份，不由任何人挑选。迟到入场的截止时间照常适用。",
    search: "姓名或准考证号", left: "备用 {count} 份", none: "备用试卷已用完，不能再增加考生。",
  },
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
    load: "Draw, compose and seal a paper for every candidate. The roster is fixed from here; only spare papers can be given.", cancel: "The session will not be held.", archive: "Stations may delete what they hold of this session.",
  },
  events: { heading: "Days the windows count from", hint: "Review windows are counted from these days; a correction needs its reason.", practical_end: "Practical ended", upload: "Documents uploaded", report: "Report" },
  staff: { heading: "Staff", add: "Assign", none: "Nobody assigned yet", person: "Person", role: "Duty", relieve: "Relieve", relieved: "relieved {time}" },
  roster: { heading: "Roster", none: "The roster is empty", count: "{count} candidates", seat: "Seat", candidate: "Candidate", subject: "Subject", state: "State", import: "Import roster" },
  coverage: {
    heading: "What the bank can give", state: { fills: "papers can be drawn", told: "papers can be drawn; note:", lacks: "papers cannot be drawn", locked: "the bank is locked; unlock it to see" },
    items: "{usable} usable items, {papers} papers and {spares} spares", importance: "each paper", exposure: "most used item: {count} past papers",
    deviations: "{count} ranges differ from their weights (given/asked): {list}", band: "{section}: {planned} {band} items, {quota} asked", easy: "easy", medium: "medium", hard: "hard",
    thin: "{count} points have no item: {list}", scarce: "{count} points have one item: {list}", outside: "{count} items are on no point of the outline and never drawn: {list}",
    unknown: "{count} items have no difficulty and count as the bank's mean", resting: "{count} items reached the maximum exposure and rest; {returned} of them are used for want of others",
  },
  draw: {
    heading: "Draw and seal", parts: "Random parts", part: "Random part (8 to 200 characters)", example: "Rolls of a die, for instance: 3 1 4 6 2 5 1 6 …", enter: "Enter this part", entered: "Recorded. What was entered is revealed after the session.",
    why: "The draw's secret is made of three parts: one the server promised when the session was planned, and one each of two people now. Nobody can steer the draw alone.", second: "The other part is another person's.",
    by: "{name} at {time}", missing: "not entered yet", commitment: "Commitment", server_part: "Digest of the server's part",
    papers: "{count} papers, neighbours share {overlap} items at most, one item is on {exposure} at most", spread: "expected score {lowest} – {highest}, SD {sd}",
    later: "After the session all parts and inputs are revealed, and anybody can draw every paper again with kaochang bank prove.", revealed: "Revealed. Download it and draw every paper again with kaochang bank prove --file.", download: "Download the proof of the draw",
  },
  late: {
    add: "Add a candidate", hint: "The papers are sealed. A candidate who is added gets a spare paper: the one of the lowest number, nobody's choice. The late cut-off holds as always.",
    search: "Name or ticket", left: "{count} spare", none: "No spare paper is left; nobody else can be added.",
  },
  journal: {
    heading: "Import a station's journal", hint: "Answers that never reached the room can be brought in a journal file on a stick. Importing twice is harmless.", done: "{entries} entries: {taken} new, {repeated} known, {quarantined} not trusted",
  },
  confirm: "Confirm the session", confirm_hint: "By the confirming body, when every attempt has been reviewed.",
};

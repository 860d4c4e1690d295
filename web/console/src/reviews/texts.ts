export const zh = {
  heading: "成绩审查", empty: "没有待审查的应试", deadline: "截止", left: "剩余工作日", overdue: "已逾期", no_calendar: "日历缺该年度，无法计算", risk: "风险", flags: "疑点", seen: "已看", state: "状态", open: "审查",
  days: "还有 {count} 个工作日", today: "今天截止", session: "场次", only_open: "只看未审查", search: "姓名、准考证号或场次",
  filmstrip: "抓拍照片", registered: "报名照片", scores: "作答与得分", item: "题号", response: "作答", score: "得分", total: "总分", missed: "缺失", outstanding: "未到", of: "第 {at} 张，共 {all} 张", play: "播放", pause: "暂停",
  previous: "上一张", next: "下一张", next_flag: "下一个疑点", must_see: "必看 {seen}/{all}", must_see_left: "还有 {count} 项必看", must: "必看", not_held: "照片尚未到达考场", no_pictures: "没有照片",
  reason: { schedule: "随机", login: "登录", start: "开考", flag: "疑点", hand_in: "交卷" }, quality: { clear: "清晰", dark: "过暗", covered: "遮挡", blurred: "模糊" },
  confirm: "确认", dispute: "提出异议", uphold: "维持取消", lift: "撤销取消", bundle: "证据包", keys: "空格播放 · ←→ 逐张 · J/K 疑点 · N 必看 · 1 确认 · 2 异议 · 3 维持取消 · 4 撤销取消",
  confirm_hint: "确认后成绩定案。", dispute_hint: "说明异议，成绩保持未定。", uphold_hint: "评价办公室认定取消成绩。", lift_hint: "撤销取消，恢复原状态。", acknowledge: "知悉", dismiss: "排除", dismiss_hint: "疑点不成立，说明理由。", decided: "已记录", confirm_session: "确认全场", confirm_session_hint: "确认本场次全部成绩？确认后成绩可以下载和发布。",
  result_state: { none: "未计分", scored: "已计分", under_review: "审查中", disputed: "有异议", confirmed: "已确认", corrected: "已更正", voided: "成绩取消" },
  hand_scores: "还有 {count} 道简答题待人工评分", earlier: "原成绩", cause: { session_end: "收卷计分", late_delivery: "迟到作答", ruling: "按裁定计分", hand_scores: "人工评分" },
  late_void: "考后取消成绩", late_void_hint: "用于考后查实的虚假材料等情形，已确认的成绩同样取消。须由两名评价办公室（鉴定所）人员签署，第三人可维持或撤销。",
  block: {
    not_signed: "考场记录表尚未签署", calendar_missing: "缺少所需年度的工作日历", not_scored: "尚未计分", hand_scores: "人工评分尚未完成", disputed: "有异议未处理", void_undecided: "取消成绩尚未决定", flags_open: "仍有较重疑点未处理",
    to_see: "必看内容尚未看完", recused: "须回避",
  },
  why: { staff: "本场次工作人员", employer: "与考生同一单位", institution: "与考生同一培训机构" }, recused: "您须回避（{why}），请由他人审查。", back: "解除异议", back_hint: "说明异议如何处理，成绩回到审查中。", rescore: "重新计分", rescore_hint: "计分后又收到作答，按现有作答重新计分。",
  seat_vouched: "仅机位证实的作答", receipt_matches: "与考场一致", receipt_differs: "与考场不一致", next_unseen: "下一处必看（N）", chosen: "须审查", sampled: "抽查", patrol_missing: "缺巡考记录", calendar_fault: "工作日历文件无法读取：{fault}",
  reasons: {
    void_undecided: "取消成绩待决定", flag_severe: "严重疑点", voided: "成绩取消", late_waiting: "迟到作答待定", flag_major: "较重疑点", pictures_missing: "缺照片", not_counted: "不计分作答",
    seat_vouched: "仅机位证实", clock_doubt: "时钟存疑", machine_change: "换机", offline: "断线", flag_minor: "一般疑点", away: "离开页面", flag_info: "提示",
  },
  left_page: "离开页面",
};

export const en: typeof zh = {
  heading: "Review", empty: "Nothing to review", deadline: "Deadline", left: "Working days left", overdue: "overdue", no_calendar: "the calendar lacks that year", risk: "Risk", flags: "Flags", seen: "Seen", state: "State", open: "Review",
  days: "{count} working days left", today: "due today", session: "Session", only_open: "Only open ones", search: "Name, ticket or session",
  filmstrip: "Snapshots", registered: "Registered photo", scores: "Answers and scores", item: "Item", response: "Answer", score: "Score", total: "Total", missed: "missed", outstanding: "to come", of: "{at} of {all}", play: "Play", pause: "Pause",
  previous: "Previous", next: "Next", next_flag: "Next flag", must_see: "Must see {seen}/{all}", must_see_left: "{count} still to be seen", must: "must see", not_held: "the picture is not here yet", no_pictures: "no pictures",
  reason: { schedule: "random", login: "login", start: "start", flag: "flag", hand_in: "hand-in" }, quality: { clear: "clear", dark: "dark", covered: "covered", blurred: "blurred" },
  confirm: "Confirm", dispute: "Dispute", uphold: "Uphold void", lift: "Lift void", bundle: "Evidence bundle", keys: "Space play · ←→ step · J/K flags · N to see · 1 confirm · 2 dispute · 3 uphold · 4 lift",
  confirm_hint: "The result is settled.", dispute_hint: "Say what is disputed; the result stays open.", uphold_hint: "The confirming body upholds the void.", lift_hint: "The void is lifted, what was is restored.", acknowledge: "Acknowledge", dismiss: "Dismiss", dismiss_hint: "The suspicion is unfounded; say why.", decided: "recorded", confirm_session: "Confirm session", confirm_session_hint: "Confirm all results of this session? They can leave after this.",
  result_state: { none: "not scored", scored: "scored", under_review: "under review", disputed: "disputed", confirmed: "confirmed", corrected: "corrected", voided: "voided" },
  hand_scores: "{count} short answers wait for assessors", earlier: "Scores before", cause: { session_end: "scored at the end", late_delivery: "late answers", ruling: "by ruling", hand_scores: "scored by hand" },
  late_void: "Void after the exam", late_void_hint: "For false documents found out after the exam; a confirmed result is voided as well. Two people of the confirming body sign, a third upholds or lifts.",
  block: {
    not_signed: "the record form is not signed", calendar_missing: "the calendar of a needed year is missing", not_scored: "not scored yet", hand_scores: "answers still wait for assessors", disputed: "a dispute is open", void_undecided: "a void is not decided", flags_open: "a grave flag is still open",
    to_see: "not everything was seen", recused: "recused",
  },
  why: { staff: "on duty in this session", employer: "the candidate's employer", institution: "the candidate's institution" }, recused: "You are recused ({why}); somebody else must review this.", back: "Settle dispute", back_hint: "Say how the dispute was settled; the result goes back under review.", rescore: "Score again", rescore_hint: "Answers came after the score: score what counts now.",
  seat_vouched: "Vouched by the seat only", receipt_matches: "matches the room", receipt_differs: "differs from the room", next_unseen: "Next to be seen (N)", chosen: "must review", sampled: "random sample", patrol_missing: "patrol record missing", calendar_fault: "The calendar file cannot be read: {fault}",
  reasons: {
    void_undecided: "void undecided", flag_severe: "severe flag", voided: "voided", late_waiting: "late answers waiting", flag_major: "major flag", pictures_missing: "pictures missing", not_counted: "answers not counted",
    seat_vouched: "vouched by seat", clock_doubt: "clock in doubt", machine_change: "machine change", offline: "offline", flag_minor: "minor flag", away: "left page", flag_info: "note",
  },
  left_page: "left the page",
};

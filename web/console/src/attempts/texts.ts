export const zh = {
  heading: "入场核验", search: "准考证号、姓名或证件尾号，回车选中", to_come: "未到", in: "已入场", all: "全部", nobody: "没有符合条件的考生", choose: "从左侧选择考生",
  registered: "报名照片", live: "机位画面", live_hint: "考生在机位登录后显示", check_in: "核验入场", refuse: "拒绝入场", absent: "登记缺考",
  compare: "请核对身份证原件、报名照片与本人", again: "补登入场", again_hint: "该考生已登记为缺考或拒绝，补登须说明理由。", closed: "入场尚未开放", late: "入场截止 {time}", late_over: "已过入场截止时间 {time}",
  counts: "应到 {all}，已入场 {in}，未到 {to_come}", checked: "{name}（{seat} 号）已核验入场", refused: "{name} 已拒绝入场", marked_absent: "{name} 已登记缺考",
  absent_all: "登记全部未到为缺考", absent_hint: "登记 {count} 名未到考生缺考？到场后仍可补登。", keys: "↑↓ 移动 · C 核验入场 · R 拒绝 · X 缺考 · / 查找",
  code: "拒绝原因",
  refuse_code: { no_document: "未带规定证件", not_the_person: "与证件或照片不符", wrong_place: "不在本考场或本场次", too_late: "超过入场截止时间", barred: "被取消本批次资格", other: "其他" },
};

export const en: typeof zh = {
  heading: "Check-in", search: "Ticket, name or number, then Enter", to_come: "To come", in: "In", all: "All", nobody: "Nobody matches", choose: "Choose a candidate on the left",
  registered: "Registered photo", live: "Picture of the seat", live_hint: "shown once the candidate signs in at the seat", check_in: "Check in", refuse: "Refuse", absent: "Mark absent",
  compare: "Compare the original document, the registered photo and the person", again: "Check in after all", again_hint: "Marked absent or refused before: give the reason.", closed: "Check-in is not open", late: "Check-in until {time}", late_over: "Check-in ended at {time}",
  counts: "{all} expected, {in} in, {to_come} to come", checked: "{name} (seat {seat}) is checked in", refused: "{name} was refused", marked_absent: "{name} is marked absent",
  absent_all: "Mark all missing absent", absent_hint: "Mark {count} candidates absent? They can still be checked in later.", keys: "↑↓ move · C check in · R refuse · X absent · / search",
  code: "Cause",
  refuse_code: { no_document: "no required document", not_the_person: "does not match document or photo", wrong_place: "not this room or session", too_late: "after the late cut-off", barred: "barred from this batch", other: "other" },
};

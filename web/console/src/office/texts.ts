export const zh = {
  search: "查找", added: "已新建", changed: "已保存",
  people: {
    create: "新建人员", login: "登录名", name: "姓名", roles: "职责", employer: "工作单位", institution: "培训机构", password: "初始密码", active: "在用", inactive: "停用",
    set_roles: "修改职责", set_password: "重设密码", deactivate: "停用", activate: "启用", password_hint: "告知本人后由其自行修改", new_password: "新密码",
    separate: "题库管理不能与考场职责兼任", generate: "随机生成",
  },
  rooms: {
    site: "考点", room: "考场", create_site: "新建考点", create_room: "新建考场", name: "名称", address: "地址", seats: "机位数", approval: "批准文号", approve: "登记批准", not_approved: "未批准",
    rows: "排数", columns: "列数", numbering: "编号方式", numberings: { s_columns: "S形，按列", s_rows: "S形，按排", columns: "逐列", rows: "逐排" },
    preview: "点击位置设为过道或机位", none: "还没有考点和考场", few_seats: "考点机位少于 200", few_spare_seats: "备用机位少于 10%", spare: "备用机位（号码，逗号分隔）", layout: "布局",
  },
  stations: {
    enrolment: "下载登记文件", room: "考场", seat: "机位", id: "考试机", state: "状态", enrolled_at: "登记时间", retire: "停用", none: "还没有考试机",
    codes: "显示登记码", codes_heading: "登记码（有效至 {until}，每个机位只用一次，离开本页后不再显示）",
    codes_hint: "在考试机上运行 kaochang-station run --code - ，输入服务器地址 {address} 和本机位的登记码。",
    hint: "登记文件含各机位的一次性密钥，24 小时内有效，只显示一次。请存入U盘后妥善保管。", all: "全部机位", some: "机位号（逗号分隔，留空为全部）",
    states: { expected: "待登记", enrolled: "已登记", retired: "已停用" }, only: "考场",
  },
  candidates: {
    roster: "导入名单", photos: "导入照片", scheme: "考核方案", name: "姓名", document: "证件", ticket: "准考证号", employer: "工作单位", institution: "培训机构", occupation: "岗位或工种", level: "等级",
    photo: "照片", has_photo: "有", no_photo: "缺", roster_done: "新增 {added} 人，变更 {changed} 人，未变 {unchanged} 人", photos_done: "导入照片 {photos} 张，还有 {without_photo} 人缺照片",
    none: "还没有考生", count: "{count} 名考生", warnings: "{count} 处提醒", next: "下一页", first: "回到首页", only_without: "只看缺照片",
  },
};

export const en: typeof zh = {
  search: "Search", added: "Added", changed: "Saved",
  people: {
    create: "New person", login: "Login", name: "Name", roles: "Roles", employer: "Employer", institution: "Institution", password: "First password", active: "active", inactive: "inactive",
    set_roles: "Change roles", set_password: "Set password", deactivate: "Deactivate", activate: "Activate", password_hint: "Tell the person, who changes it", new_password: "New password",
    separate: "A bank keeper works in no exam room", generate: "Generate",
  },
  rooms: {
    site: "Site", room: "Room", create_site: "New site", create_room: "New room", name: "Name", address: "Address", seats: "Seats", approval: "Approval", approve: "Record approval", not_approved: "not approved",
    rows: "Rows", columns: "Columns", numbering: "Numbering", numberings: { s_columns: "S-shaped by column", s_rows: "S-shaped by row", columns: "by column", rows: "by row" },
    preview: "Click a place to make it an aisle or a seat", none: "No site and no room yet", few_seats: "the site has fewer than 200 seats", few_spare_seats: "fewer than 10 % spare seats", spare: "Spare seats (numbers, comma between)", layout: "Layout",
  },
  stations: {
    enrolment: "Download enrolment file", room: "Room", seat: "Seat", id: "Station", state: "State", enrolled_at: "Enrolled", retire: "Retire", none: "No station yet",
    codes: "Show enrolment codes", codes_heading: "Enrolment codes (valid until {until}, each used once, not shown again)",
    codes_hint: "At the machine run kaochang-station run --code - and type the server's address {address} and the seat's code.",
    hint: "The file holds a one-use secret for each seat, valid for 24 hours and told only once. Keep it on a stick, in safe hands.", all: "all seats", some: "Seat numbers (comma between, empty for all)",
    states: { expected: "expected", enrolled: "enrolled", retired: "retired" }, only: "Room",
  },
  candidates: {
    roster: "Import roster", photos: "Import photos", scheme: "Scheme", name: "Name", document: "Document", ticket: "Ticket", employer: "Employer", institution: "Institution", occupation: "Post or trade", level: "Level",
    photo: "Photo", has_photo: "yes", no_photo: "missing", roster_done: "{added} added, {changed} changed, {unchanged} unchanged", photos_done: "{photos} photos taken, {without_photo} candidates still lack one",
    none: "No candidates yet", count: "{count} candidates", warnings: "{count} warnings", next: "Next page", first: "First page", only_without: "Only without photo",
  },
};

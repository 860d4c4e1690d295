"""What was expected instead, for every code of a problem in packages, XML and QTI."""

IN_PACKAGES: dict[str, tuple[str, str]] = {
    # a package
    "broken_package": ("完好的 zip 文件", "an undamaged zip file"),
    "package_too_large": (
        "不超过 {limit}（文件数、字节或压缩比）",
        "at most {limit} (files, bytes or compression)",
    ),
    "unsafe_path": ("包内的相对路径", "a relative path inside the package"),
    "encrypted_package": ("未加密的文件", "a file without a password"),
    "duplicate_entry": ("包内每个文件名只出现一次", "each file name once in the package"),
    "nested_package": (
        "不含压缩包的 zip（请分别导入）",
        "a zip without archives inside (import them one by one)",
    ),
    # XML
    "broken_xml": ("格式良好的 XML", "well-formed XML"),
    "wrong_encoding": ("与声明的编码一致的 XML", "XML in the encoding it declares"),
    # QTI
    "no_qti": ("QTI 2.1、2.2 或 3.0 的试题", "items of QTI 2.1, 2.2 or 3.0"),
    "old_qti": (
        "QTI 2.1、2.2 或 3.0（请在原系统中以新版本导出；不支持 QTI 1.x）",
        "QTI 2.1, 2.2 or 3.0 (export it anew in that version; QTI 1.x is not read)",
    ),
    "missing_file": ("清单中列出的文件", "the file the manifest lists"),
    "unlisted_item": (
        "清单中列出的试题；本题未列出, 仍已读取",
        "an item the manifest lists; this one was read all the same",
    ),
    "no_manifest": (
        "imsmanifest.xml；已读取包内全部试题文件",
        "imsmanifest.xml; every item file of the package was read",
    ),
    "tests_not_taken": (
        "试题；试卷结构未导入（试卷 {tests} 个, 部分 {sections} 个）",
        "items; the structure of tests is not imported ({tests} tests, {sections} sections)",
    ),
    "unsupported_interaction": (
        "支持的交互类型（共 {count} 处不支持, 所在试题未导入：{places}）",
        "a supported interaction ({count} of this kind; their items are refused: {places})",
    ),
    "no_interaction": ("带有作答交互的试题", "an item with an interaction"),
    "no_body": ("itemBody", "an itemBody"),
    "adaptive_item": ("非自适应试题", "an item that is not adaptive"),
    "template_item": ("不含随机模板的试题", "an item without template variables"),
    "printed_variable": ("不显示变量的题干", "a text without printed variables"),
    "xinclude": ("不含 xi:include 的试题", "an item without xi:include"),
    "missing_stimulus": ("包内的共用材料", "the shared stimulus in the package"),
    "missing_response": ("对应的 responseDeclaration", "a responseDeclaration for the interaction"),
    "missing_key": ("correctResponse 或分值映射", "a correctResponse or a mapping"),
    "unknown_identifier": ("已有选项的标识符", "the identifier of a choice that is there"),
    "duplicate_identifier": ("互不相同的标识符", "identifiers that differ"),
    "too_many_items": ("不超过 {limit} 道试题", "at most {limit} items"),
    "empty_option": ("有内容的选项", "an option with something in it"),
    "partial_order": ("对全部选项排序的答案", "a key that orders every choice"),
    "not_a_matching": (
        "一侧每项恰好匹配另一侧一项的答案",
        "a key in which every entry of one side has exactly one of the other",
    ),
    "bad_number": ("十进制数", "a decimal number"),
    "unsupported_tolerance": (
        "对称、含两端的绝对或相对误差",
        "a symmetric absolute or relative tolerance that includes its ends",
    ),
    "rounding_as_tolerance": (
        "误差；已把四舍五入到 {figures} 位小数读作 ±{tolerance}",
        "a tolerance; rounding to {figures} decimals was read as ±{tolerance}",
    ),
    "unsupported_processing": (
        "按匹配或映射评分（不支持 {name}）",
        "scoring by match or mapping ({name} is not supported)",
    ),
    "accepted_too_long": (
        "不超过 {limit} 个、每个不超过 {chars} 字符",
        "at most {limit} forms of {chars} characters",
    ),
    "blank_marks": ("题干中的 ____ 只用于填空处", "____ in the stem only where a blank is"),
    "does_not_fit": ("符合题型的试题（{reason}）", "an item that fits its kind ({reason})"),
    # QTI, taken all the same
    "key_from_mapping": (
        "correctResponse；已按得分最高的映射确定答案",
        "a correctResponse; the best mapping was taken",
    ),
    "weights_not_taken": (
        "计分规则由试卷各部分决定；各选项分值未导入",
        "the section's rule; scores of single answers are not imported",
    ),
    "feedback_not_taken": (
        "解析；{count} 条作答反馈未导入",
        "a solution; {count} feedback messages were not imported",
    ),
    "not_taken": ("试题内容；未导入 {names}", "content of the item; {names} was not imported"),
    "fixed_not_kept": (
        "可打乱的选项；固定位置未保留",
        "options that may be shuffled; the fixed place is not kept",
    ),
    "markup_as_text": (
        "HTML 元素；标签以文字形式出现, 已按文字导入",
        "HTML elements; tags stand as text and were kept so",
    ),
    "stem_from_title": ("题干；已用标题作题干", "a stem; the title was taken"),
    "score_not_taken": (
        "0 到 100、最多两位小数的分值；未导入",
        "a score up to 100 with two decimals; not imported",
    ),
}

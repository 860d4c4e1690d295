"""What was expected instead, for the codes that only texts and documents have: Chinese first, English second."""

TEXT_WORDING: dict[str, tuple[str, str]] = {
    # the file
    "mixed_line_ends": ("同一种换行符", "line ends of one kind"),
    "too_many_lines": ("最多 {limit} 行", "at most {limit} lines"),
    "no_questions": ("至少一道能识别的试题", "at least one question that can be recognised"),
    "not_readable": ("{advice}", "{advice_en}"),
    "old_word": ("{advice}", "{advice_en}"),
    "broken_workbook": ("完整的 xlsx、docx 或 QTI 压缩包", "an undamaged xlsx, docx or QTI package"),
    # a question
    "empty_option": ("每个选项都有内容", "text in every option"),
    "too_many_options": ("最多 {limit} 个选项", "at most {limit} options"),
    "too_few_premises": ("至少 {limit} 个待匹配项", "at least {limit} item to match"),
    "too_many_premises": ("最多 {limit} 个待匹配项", "at most {limit} items to match"),
    "too_few_blanks": ("至少 {limit} 个空", "at least {limit} blank"),
    "too_many_blanks": ("最多 {limit} 个空", "at most {limit} blanks"),
    "too_few_parts": ("至少 {limit} 个小题", "at least {limit} part"),
    "too_many_parts": ("最多 {limit} 个小题", "at most {limit} parts"),
    "too_many_forms": ("每空最多 {limit} 种答案", "at most {limit} accepted forms for a blank"),
    "too_many_tags": ("最多 {limit} 个标签", "at most {limit} tags"),
    "incomplete_order": ("全部 {limit} 个选项的顺序", "the order of all {limit} options"),
    "not_an_item": ("能成立的试题（{reason}）", "an item that fits together ({reason})"),
    "code_not_taken": (
        "不超过 {limit} 个字符、不含空白的编号；已按内容另行编号",
        "a code of at most {limit} characters without white space; one was made from the content",
    ),
    # weights of answers
    "no_right_answer": ("至少一个正确答案", "at least one right answer"),
    "no_full_answer": ("一个得满分（100%）的答案", "an answer worth everything (100%)"),
    "several_full_answers": (
        "单选题只有一个得满分的选项",
        "one option worth everything where one is to be chosen",
    ),
    "weights_not_full": ("各正确选项权重之和为 100%", "right options whose weights make 100% together"),
    "partial_weights": (
        "部分选对的得分由试卷大题的计分规则决定，文件中的权重不保留",
        "what a partly right answer is worth is the section's rule; the file's weights are not kept",
    ),
    "partial_forms": (
        "只接受得满分的答案；得部分分数的答案不保留",
        "only answers worth everything are accepted; those worth a part are not kept",
    ),
    "wildcard_answer": ("不含通配符 * 的答案", "an answer without the wildcard *"),
    "several_numbers": ("一个得满分的数值（或一个区间）", "one number (or one range) worth everything"),
    "bad_number": ("数值，如 3.14、3:0.1 或 1..5", "a number such as 3.14, 3:0.1 or 1..5"),
    "bad_weight_of_answer": ("-100 到 100 之间的权重", "a weight between -100 and 100"),
    "description": (
        "试题；此段只是说明文字，未作为试题导入",
        "a question; this is only a text and makes no item",
    ),
    "names_not_kept": (
        "试题没有名称字段；{count} 个题目名称未保留",
        "an item has no name; {count} names of questions were not kept",
    ),
    # GIFT
    "gift_brace": (
        "一对花括号 {{…}}；题文中的花括号写作 \\{{ \\}}",
        "one pair of braces {{…}}; a brace that is text is written \\{{ \\}}",
    ),
    "gift_unescaped": (
        "文字中的 = ~ # 写作 \\= \\~ \\#",
        "= ~ # that are text written as \\= \\~ \\#",
    ),
    "gift_comment": (
        "请核对：行内的 // 已作为题文保留（注释须独占一行）",
        "please check: // within a line was kept as text (a comment has a line of its own)",
    ),
    "gift_matching": ("每一项为 “=左 -> 右”", "“=left -> right” for every pair"),
    "gift_answer": ("以 = 或 ~ 开头的答案", "answers that begin with = or ~"),
    # Aiken
    "aiken_no_answer": ("选项之后的一行 ANSWER: 字母", "a line ANSWER: with a letter after the options"),
    "aiken_no_stem": ("选项之前的题干", "a stem before the options"),
    "aiken_no_options": ("题干之后的选项，如 A) 或 A.", "options after the stem, such as A) or A."),
    "aiken_letter": ("选项字母从 A 起连续", "option letters from A without a gap"),
    "aiken_stray": ("题干、选项或 ANSWER: 行", "a stem, an option or a line ANSWER:"),
    # Moodle XML
    "not_moodle": ("根元素为 quiz 的 Moodle XML", "Moodle XML, whose root is quiz"),
    "unsupported_question": (
        "可导入的题型；{name} 共 {count} 题没有对应的题型",
        "a type that has an equivalent; there are {count} of {name}",
    ),
    "hidden_question": (
        "未隐藏的试题；已照常导入",
        "a question that is not hidden; it was taken all the same",
    ),
    "score_not_taken": (
        "最多两位小数的分值；分值未采用",
        "a score of at most two decimals; it was not taken",
    ),
    "units_not_kept": ("不带单位的数值答案；单位未保留", "a number without units; the units were not kept"),
    "true_false_answers": ("true 和 false 两个答案，其一为 100%", "answers true and false, one of them 100%"),
    "true_false_guessed": (
        "请核对：旧格式文件，第一个答案按“正确”处理",
        "please check: an old file, whose first answer was taken for true",
    ),
    "attachment_needed": (
        "在考试页面作答的题，不能要求上传附件",
        "an answer typed on the page, no uploaded file",
    ),
    "template_not_kept": ("空白的作答框；答题模板未保留", "an empty answer field; its template was not kept"),
    "ordering_subset": ("对全部选项排序", "all options to be ordered"),
    "feedback_not_kept": (
        "考试中不显示提示和对整题的评语；{count} 题的未保留",
        "an exam shows no hints and comments on a whole answer; those of {count} questions were not kept",
    ),
    "cloze_gap": ("完整的 {{分值:题型:答案}}", "a complete {{score:TYPE:answers}}"),
    "cloze_without_gaps": ("至少一个 {{分值:题型:答案}}", "at least one {{score:TYPE:answers}}"),
    "cloze_type": (
        "SHORTANSWER、NUMERICAL、MULTICHOICE 或 MULTIRESPONSE",
        "SHORTANSWER, NUMERICAL, MULTICHOICE or MULTIRESPONSE",
    ),
    "gap_shares": (
        "各空分值由试卷大题决定，文件中的分值比例不保留",
        "what a gap is worth is the section's; the file's shares are not kept",
    ),
    "gap_without_word": ("每个 [[编号]] 都有对应的词", "a word for every [[number]]"),
    # written banks
    "stray_line": (
        "属于某道试题的内容（其前没有题号或题干）",
        "a piece of a question (none begins before it)",
    ),
    "line_not_read": ("试题；此行未读取", "a question; this line was not read"),
    "number_jumps": (
        "连续的题号；请核对是否缺题",
        "numbers in a row; please check whether a question is missing",
    ),
    "text_after_answer": (
        "答案之后的解析；此行已并入解析",
        "a solution after the answer; this line was added to it",
    ),
    "answer_given_twice": ("每题一处答案", "one answer for a question"),
    "answer_without_question": (
        "尚无答案的第 {number} 题",
        "a question number {number} that has no answer yet",
    ),
    "answer_ambiguous": (
        "能确定属于哪一题的答案（第 {number} 题有 {count} 道）",
        "an answer that can only belong to one question (there are {count} of number {number})",
    ),
    "several_brackets": ("题干中只有一个填写答案的括号", "one bracket with an answer in a stem"),
    "bracket_kept": (
        "请核对：括号内容与答案 {answer} 不同，已原样保留",
        "please check: the bracket differs from the answer {answer} and was kept as it is",
    ),
    "option_letters": ("选项字母从 A 起连续", "option letters from A without a gap"),
    "options_of_short_answer": ("没有选项的简答题", "a short answer without options"),
    "blanks_and_answers": (
        "与题干中 {limit} 个空对应的答案",
        "an answer for each of {limit} blanks in the stem",
    ),
    "unmatched_pairs": (
        "每个带编号的左项各配一个选项，如 1-B；2-A",
        "an option for every numbered premise, such as 1-B；2-A",
    ),
    # Word
    "broken_document": ("完整的 docx 文档", "an undamaged docx document"),
    "private_character": (
        "Unicode 文字（该符号只在特定字体中可见）",
        "Unicode text (only one font shows this symbol)",
    ),
    "word_field": ("文字或公式，而非域代码", "text or a formula, not a field code"),
    "word_formula": (
        "可转换为 MathML 的公式（不支持 {reason}）",
        "a formula that can become MathML ({reason} cannot)",
    ),
    "word_drawing": ("图片，而非其他程序的对象", "a picture, not an object of another program"),
    "word_shape": (
        "图片（请将图形另存为图片）；此图形未读取",
        "a picture (save the shapes as one); these shapes were not read",
    ),
    "tracked_changes": (
        "没有修订的文档；已接受 {added} 处插入，去除 {dropped} 处删除",
        "a document without tracked changes; {added} insertions were accepted, {dropped} deletions dropped",
    ),
    "hidden_text": (
        "可见的文字；{count} 处隐藏文字已一并读取",
        "visible text; what is hidden at {count} places was read",
    ),
    "text_beside": (
        "正文中的文字；脚注、文本框中的文字未读取",
        "text in the body; what stands in footnotes and text boxes was not read",
    ),
}

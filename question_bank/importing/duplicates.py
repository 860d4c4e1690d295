"""Items that stand twice: the same question is a problem, the same words over other options are worth a
look.
"""

from collections import defaultdict
from collections.abc import Sequence

from question_bank.importing.bank_row import Located
from question_bank.importing.problems import Findings
from question_bank.items import Item, folded


def report_duplicates(read: Sequence[Located], findings: Findings) -> None:
    """Report codes and questions that stand twice, at the later place, naming the row of the first.

    The same stem with the same options, in whatever order, is one item twice, and a contradiction when the
    right options differ. The same stem with other options is often a question of its own
    (下列说法正确的是), so it warns only.
    """
    codes: dict[str, Located] = {}
    stems: defaultdict[str, list[Located]] = defaultdict(list)
    for each in read:
        if each.code is not None:
            first = codes.setdefault(each.item.code, each)
            if first is not each:
                findings.problem(
                    "duplicate_code", each.code, column=each.code_column, other=_row(first, each)
                )
        earlier = stems[folded(each.item.stem)]
        _compare(each, earlier, findings)
        earlier.append(each)


def _compare(each: Located, earlier: Sequence[Located], findings: Findings) -> None:
    if not earlier:
        return
    options = _options(each.item)
    same = next((other for other in earlier if _options(other.item) == options), None)
    if same is None:
        findings.warning("same_stem", each.stem, column=each.stem_column, other=_row(earlier[0], each))
    elif _right(same.item) == _right(each.item) and same.item.kind is each.item.kind:
        findings.problem("duplicate_item", each.stem, column=each.stem_column, other=_row(same, each))
    else:
        findings.problem("contradicting_key", each.stem, column=each.stem_column, other=_row(same, each))


def _options(item: Item) -> list[str]:
    return sorted(map(folded, item.options))


def _right(item: Item) -> list[str]:
    return sorted(folded(item.options[index]) for index in item.key)


def _row(first: Located, other: Located) -> str:
    """The row of the first, with its sheet where that is another one."""
    return (
        str(first.stem.row)
        if first.stem.sheet == other.stem.sheet
        else f"{first.stem.sheet}!{first.stem.row}"
    )

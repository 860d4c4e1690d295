"""Items that stand twice: the same question is a problem, nearly the same words are worth a look."""

from collections.abc import Sequence

from question_bank.importing.bank_row import Located
from question_bank.importing.problems import Findings
from question_bank.items import Item, Kind, folded
from question_bank.near_duplicates import near_duplicates

# Characters of the earlier stem that a warning repeats.
_SAID_CHARS = 30


def report_duplicates(read: Sequence[Located], findings: Findings) -> None:
    """Report codes and questions that stand twice, at the later place, naming the row of the first.

    The same stem with the same options, in whatever order, is one item twice, and a contradiction when the
    right options differ. The same stem with other options is often a question of its own
    (下列说法正确的是), so it warns only.
    """
    codes: dict[str, Located] = {}
    stems: dict[str, Located] = {}
    asked: dict[tuple[str, ...], Located] = {}
    for each in read:
        if each.code is not None:
            first = codes.setdefault(each.item.code, each)
            if first is not each:
                findings.problem(
                    "duplicate_code", each.code, column=each.code_column, other=_row(first, each)
                )
        stem = folded(each.item.stem)
        alike = stems.setdefault(stem, each)
        same = asked.setdefault((stem, *_options(each.item)), each)
        if alike is not each:
            _compare(each, alike, same, findings)
    _report_similar(read, findings)


def _report_similar(read: Sequence[Located], findings: Findings) -> None:
    """Warn of items that say nearly the same as an earlier one, naming its place."""
    for found in near_duplicates([each.item for each in read]):
        each, first = read[found.place], read[found.earlier]
        if folded(each.item.stem) != folded(first.item.stem):
            findings.warning(
                "near_duplicate",
                each.stem,
                column=each.stem_column,
                other=_row(first, each),
                percent=found.percent,
                said=first.item.stem[:_SAID_CHARS],
            )


def _compare(each: Located, alike: Located, same: Located, findings: Findings) -> None:
    """alike: the first item of the same stem; same: the first that offers the same options too, maybe this one."""
    if same is each:
        findings.warning("same_stem", each.stem, column=each.stem_column, other=_row(alike, each))
    elif _right(same.item) == _right(each.item) and same.item.kind is each.item.kind:
        findings.problem("duplicate_item", each.stem, column=each.stem_column, other=_row(same, each))
    else:
        findings.problem("contradicting_key", each.stem, column=each.stem_column, other=_row(same, each))


def _options(item: Item) -> list[str]:
    """What is shown besides the stem, whatever its order."""
    shown = sorted(map(folded, item.options)) + sorted(map(folded, item.premises))
    return shown + [text for part in item.parts for text in (folded(part.stem), *_options(part))]


def _right(item: Item) -> list[str]:
    """What is right, in words, whatever the order of the options."""
    options = [folded(item.options[index]) for index in item.key]
    if item.kind is Kind.MATCHING:
        options = sorted(map("\n".join, zip(map(folded, item.premises), options, strict=True)))
    elif item.kind is not Kind.ORDERING:
        options.sort()
    blanks = [blank.model_dump_json() for blank in item.blanks]
    return [*options, *blanks, folded(item.reference), *(text for part in item.parts for text in _right(part))]


def _row(first: Located, other: Located) -> str:
    """The row of the first, with its sheet where that is another one."""
    return (
        str(first.stem.row)
        if first.stem.sheet == other.stem.sheet
        else f"{first.stem.sheet}!{first.stem.row}"
    )

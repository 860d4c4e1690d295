"""QTI 2.x and 3.0 say the same things in two spellings; what reads items knows one: the names of 2.x, no namespace.

3.0 writes ``qti-choice-interaction response-identifier="R"`` where 2.x writes
``choiceInteraction responseIdentifier="R"``.
"""

from lxml import etree

from question_bank.importing.vocabulary import bare, local_name, names, namespace_of

ITEM_ROOTS = names("assessmentItem qti-assessment-item")
TEST_ROOTS = names("assessmentTest qti-assessment-test assessmentSection qti-assessment-section")
OTHER_ROOTS = names(
    "assessmentStimulus qti-assessment-stimulus outcomeDeclaration qti-outcome-declaration responseProcessing "
    "qti-response-processing manifest qtiMetadata"
)
OLD_ROOTS = names("questestinterop")

_XHTML = "http://www.w3.org/1999/xhtml"


def normalise(root: etree._Element) -> None:
    """Give the elements of QTI and XHTML their names of 2.x, in place; MathML, SVG and others keep theirs."""
    for element in root.iter("*"):
        name, namespace = local_name(element), namespace_of(element)
        if name.startswith("qti-"):
            _rename_attributes(element)
            element.tag = _camel(name.removeprefix("qti-"))
        elif not namespace or namespace == _XHTML or "imsglobal.org" in namespace:
            element.tag = bare(name)
    # 3.0 wraps the content of feedback, rubrics and stimuli once more.
    etree.strip_tags(root, "contentBody")


def _rename_attributes(element: etree._Element) -> None:
    for key, value in list(element.attrib.items()):
        name = str(key)
        if "-" in name and not name.startswith(("{", "data-", "aria-")):
            del element.attrib[key]
            element.set(_camel(name), value)


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)


def line_of(element: etree._Element) -> int:
    """The line an element begins on, 0 when unknown."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def emptied(element: etree._Element, *, text: str = "") -> None:
    """Leave of an element only its place, with a text in it; what stands behind it stays.

    The place is kept as a ``span``, so that thousands of them take no longer than they are many.
    """
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text or None, tail

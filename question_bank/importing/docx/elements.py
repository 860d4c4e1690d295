"""Elements of WordprocessingML by their local names: transitional and strict documents differ in namespaces only."""

from collections.abc import Iterator

from lxml import etree

from question_bank.importing.vocabulary import local_name

Element = etree._Element


def named(element: Element) -> str:
    """The local name, "" for what is no element."""
    tag: object = element.tag
    return local_name(element) if isinstance(tag, str) else ""


def children(element: Element | None, name: str) -> list[Element]:
    """Children of this name."""
    return [found for found in element if named(found) == name] if element is not None else []


def child(element: Element | None, name: str) -> Element | None:
    """The first child of this name."""
    return next(iter(children(element, name)), None)


def each(element: Element | None, attribute: str) -> str:
    """An attribute by its local name, "" where it is not given."""
    if element is None:
        return ""
    return next(
        (str(said) for key, said in element.attrib.items() if etree.QName(key).localname == attribute), ""
    )


def value(element: Element | None) -> str:
    """The w:val of an element, "" without one."""
    return each(element, "val")


def on(properties: Element | None, name: str) -> bool:
    """Whether a switch such as w:vanish is on: given, and not as 0 or false."""
    found = child(properties, name)
    return found is not None and value(found).lower() not in ("0", "false", "off", "none")


def descendants(element: Element, name: str) -> Iterator[Element]:
    """All elements of this name within an element."""
    return (found for found in element.iter() if named(found) == name)

"""Names of elements and attributes, whatever the parser made of them: ``{namespace}name``, ``prefix:name``, name."""

from lxml import etree


def names(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


def local_name(element: etree._Element) -> str:
    """An element's name without namespace or prefix, "" for a comment and the like."""
    tag: object = element.tag
    return bare(tag) if isinstance(tag, str) else ""


def bare(name: str) -> str:
    """A name without namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def namespace_of(element: etree._Element) -> str:
    """An element's namespace, "" for none."""
    tag: object = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""

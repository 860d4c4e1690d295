"""Policy of rulings: the codes people rule with, what a void takes with it, and the blacklist."""

from enum import StrEnum

from config.shapes import Code, Line, Part, Text, Years


class Severity(StrEnum):
    """The three degrees of 人社部令第31号, in its own words."""

    ORDINARY = "一般"
    SERIOUS = "严重"
    ESPECIALLY_SERIOUS = "特别严重"


class VoidScope(StrEnum):
    """What a void takes: this subject, or all subjects of the person's batch and its later sessions."""

    SUBJECT = "subject"
    BATCH = "batch"


class Voiding(Part):
    """What a void does under this scheme."""

    scope: VoidScope
    by_analogy: bool
    """True where the scheme's own notice is silent and another's rule is borrowed."""
    source: Line


class RulingCode(Part):
    """One reason a person may rule with."""

    code: Code
    severity: Severity
    title: Text
    source: Line
    """The article it borrows from."""
    scope: VoidScope | None = None
    """Where this reason voids less or more than the scheme's own scope."""
    after_exam: bool = False
    """Whether the confirming body voids for it after the exam, results that are confirmed included (S0 二(六))."""


class Blacklist(Part):
    """Entries the confirming body lists; a ruling may only propose one."""

    propose_from: Severity
    """The least severity at which a ruling may propose an entry."""
    violation_years: Years
    fraud_years: Years
    """For fraudulently won certificates and major accidents; such entries are imported."""

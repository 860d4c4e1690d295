"""Reading banks and outlines from the files people keep: all or nothing, every problem with its place."""

from question_bank.importing.bank_file import BankReading
from question_bank.importing.formats import FORMATS, read_bank
from question_bank.importing.outline_file import OutlineReading, read_outline
from question_bank.importing.problems import Problem

__all__ = ["FORMATS", "BankReading", "OutlineReading", "Problem", "read_bank", "read_outline"]

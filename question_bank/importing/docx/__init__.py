"""Word documents (docx, ISO/IEC 29500): banks written as paragraphs, or as tables of one question a row."""

from question_bank.importing.docx.reading import is_docx, read_docx

__all__ = ["is_docx", "read_docx"]

"""The parts of an xlsx workbook: relations, texts, number formats, rows and pictures; nothing is guessed."""

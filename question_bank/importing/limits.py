"""What a file may be at most. One past any of these is a problem with the limit named, never a slow or dead
server.
"""

# Bytes of the file as uploaded: a bank of 20,000 items is about 10 MB of text.
FILE_BYTES_MAX = 32 * 1024 * 1024
# Bytes of all parts of a workbook together, unpacked, and how far one part may be blown up: a zip bomb is
# beyond both.
XLSX_UNPACKED_BYTES_MAX = 64 * 1024 * 1024
XLSX_PART_RATIO_MAX = 200
# Parts small enough to be harmless whatever their ratio.
XLSX_PART_BYTES_FREE = 1024 * 1024
XLSX_PARTS_MAX = 2_000
SHEETS_MAX = 50
# Rows of one sheet that hold anything; blank rows after the last one are not counted.
ROWS_MAX = 100_000
# Cells of one sheet, blank ones between others included: a bank of 100,000 rows needs fifteen columns.
CELLS_MAX = 2_000_000
# The last row a spreadsheet has.
ROW_NUMBER_MAX = 1_048_576
COLUMNS_MAX = 128
# Characters of one cell: the longest field of an item is its solution, and Excel itself stops at 32,767.
CELL_CHARS_MAX = 32_767
# The heading may stand below a title; further down nobody looks for it.
HEADING_ROWS_MAX = 10
# A file full of the same mistake is told so by its first thousand.
PROBLEMS_MAX = 1_000
# Characters of a cell that a problem repeats.
FOUND_CHARS_MAX = 80

# Texts in HTML: characters as found in the file, elements inside each other, and elements together.
MARKUP_SOURCE_CHARS_MAX = 512_000
MARKUP_DEPTH_MAX = 60
MARKUP_ELEMENTS_MAX = 5_000
# A picture as shown: no screen in an exam room is wider, and no picture needs more memory than this to be drawn.
PICTURE_SIDE_MAX = 4_096
PICTURE_PIXELS_MAX = 12_000_000
SVG_DEPTH_MAX = 100

# A zip package: files in it, bytes of all of them and of one as it is read, and how far one may be blown up
# unless it is small. A bank of 20,000 items is as many files.
PACKAGE_ENTRIES_MAX = 30_000
PACKAGE_UNPACKED_BYTES_MAX = 256 * 1024 * 1024
PACKAGE_FILE_BYTES_MAX = 16 * 1024 * 1024
PACKAGE_RATIO_MAX = 200
PACKAGE_FREE_BYTES = 1024 * 1024

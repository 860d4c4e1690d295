"""Every limit of what travels, named with its unit, and what happens one past it.

A frame or field past its limit is refused with a sentence; the connection stays, except where the frame itself is too
large to be read, which closes the socket with code 1009.
"""

FRAME_BYTES_MAX = 1_048_576
"""One JSON frame on any socket, in bytes; the socket is closed with 1009 one past it."""

DEPTH_MAX = 32
"""Objects and arrays one inside another in a frame; deeper ones are malformed, whatever a reader's stack bears."""

ENTRY_BYTES_MAX = 16_384
"""One entry's exact text, in bytes; a longer one is quarantined."""

ENTRIES_PER_FRAME_MAX = 256
"""Entries one frame may carry; more are refused as malformed."""

STREAM_ENTRIES_MAX = 200_000
"""Entries in one stream; the station opens a new stream before it gets there."""

ID_CHARS_MAX = 64
"""Characters of an id, a code or a digest."""

SLOT_MAX = 500
"""Highest number an item can have in one paper."""

RESPONSE_PARTS_MAX = 12
"""Letters, or typed texts, one response may hold."""

RESPONSE_CHARS_MAX = 2_000
"""Characters of all typed texts of one response together; the page lets nobody type more."""

TEXT_CHARS_MAX = 2_000
"""Characters of a free text a person types (message, reason, statement)."""

PAPER_PICTURES_BYTES_MAX = 6 * 1_048_576
"""Bytes of all pictures of one paper; a session whose papers hold more is not loaded."""

SEALED_PAPER_BYTES_MAX = 12 * 1_048_576
"""One frame from the room to a seat, which may carry a sealed paper with its pictures, in bytes."""

PICTURE_BYTES_MAX = 4 * 1_048_576
"""One snapshot's JPEG, in bytes; a larger one is refused with 413 before it is read."""

PICTURE_WIDTH_MIN = 1280
PICTURE_HEIGHT_MIN = 720
"""Pixels of the decoded frame (ours; S2 asks 720p of the room video)."""

HEAD_INTERVAL_MS = 5_000
"""A stream that moved has its head signed at most this often, and at hand-in."""

LINK_RETRY_MS_MAX = 5_000
"""Longest wait between two attempts of a station to reach the room server."""

LINK_SILENCE_MS_MAX = 6_000
"""A link that said nothing for this long is treated as lost by both ends."""

PING_INTERVAL_MS = 2_000
"""A station asks the room's time this often."""

UNACKNOWLEDGED_ENTRIES_MAX = 512
"""Entries a station sends before it waits for an acknowledgement."""

CLOCK_DISAGREEMENT_MS = 2_000
"""Difference between a rebooted server and the median of its seats that asks a proctor."""

ID_PATTERN = r"^[A-Za-z0-9_.:\-]{1,64}$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
"""A SHA-256 in lower-case hexadecimal."""

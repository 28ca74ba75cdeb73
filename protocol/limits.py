"""Every number of the protocol in one place. Bytes, items, seconds and days are named as such."""

MAX_LINE_BYTES = 4096
"""A signed line, without its newline."""
MAX_DEPTH = 4
"""Containers inside one another, the line's own object counted as the first."""
MAX_INTEGER = 2**53 - 1
"""Largest absolute value of an integer: what every JSON reader can hold exactly."""
MAX_KEY_CHARS = 32

ID_BYTES = 16
SIGNATURE_BYTES = 64
DIGEST_BYTES = 32
PUBLIC_KEY_BYTES = 32
SEED_BYTES = 32

FINGERPRINT_WORDS = 6
"""Words of 11 bits each: 66 bits, more than anybody can grind a look-alike for."""

DAY_SECONDS = 86_400
EPOCH_AHEAD_SECONDS = DAY_SECONDS
"""A head's epoch may be at most this far ahead of our clock (unless the keys line's floor is higher)."""
EPOCH_FLOOR_AHEAD_SECONDS = 2 * DAY_SECONDS
"""A keys line's epoch_floor may be at most this far ahead of our clock."""
EXPIRES_AHEAD_DAYS = 61
"""A summary or withdrawal that expires later than today + this is refused."""
POSTED_AHEAD_DAYS = 1
"""A summary posted later than today + this is kept, and not shown until its day comes."""
ASOF_AHEAD_DAYS = POSTED_AHEAD_DAYS
"""A head as of a later day than today + this is refused: it would count nothing that is valid now."""
ASOF_OLD_DAYS = EXPIRES_AHEAD_DAYS
"""A head as of a day earlier than the one on which it was issued - this cannot be read: it would count what is long
over. (By its own time, not the reader's: a clock that is put right again must find it.)"""

PAGE_ITEMS = 500
PAGE_BYTES = 1_048_576
MANIFEST_ITEMS = 5_000
"""Registers named in one answer to a manifest."""
PUSH_LINES = 1_000
"""Lines in one push; its bytes are limited as a page's."""

SET_LIVE = 500
SET_WITHDRAWALS = 4_000
SET_CHANGES_PER_DAY = 200
"""Default quotas per origin and set, used where a profile states none."""

LETTER_SIZES = (1_024, 4_096, 16_384)
"""Bytes of a direct message's padded inside: the smallest that holds it. Nothing else is sent or opened."""
SEALING_BYTES = 32 + 16
"""What HPKE adds: the encapsulated key and the tag."""
MESSAGE_BYTES = 24_576
"""A direct message as it travels, at most."""
MESSAGE_DAYS = 14
"""Days after which a direct message that nobody took is over: how long a hub keeps it, at most."""
MESSAGE_AHEAD_DAYS = MESSAGE_DAYS + 1
"""A direct message whose expires lies further ahead of the reader's day is refused."""
BOX_KEY_DAYS = 30
"""Days after which a new box key takes over."""
BOX_KEY_KEPT_DAYS = 60
"""Days for which the one before is kept after that."""

MAIL_PAGE = 20
"""Direct messages that a hub hands out at once."""
MAIL_PER_SENDER = 100
"""Direct messages that a hub keeps for one member from one sender."""
MAIL_PER_MEMBER = 1_000
"""Direct messages that a hub keeps for one member."""
INVITE_SECRET_BYTES = 16
INVITE_SECONDS = 7 * DAY_SECONDS
"""An invitation that nobody used is over after this."""

NEW_ORIGINS_A_DAY = 50
"""Groups that the vouches of one hub let in on one day."""

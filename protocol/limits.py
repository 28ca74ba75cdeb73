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

PAGE_ITEMS = 500
PAGE_BYTES = 1_048_576

SET_LIVE = 500
SET_WITHDRAWALS = 4_000
SET_CHANGES_PER_DAY = 200
"""Default quotas per origin and set, used where a profile states none."""

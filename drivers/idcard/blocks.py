"""The blocks inside an answer to a read: two-byte sizes, high byte first, then the blocks."""

from __future__ import annotations

from itertools import accumulate, pairwise

TEXT_SIZE = 256
PHOTO_SIZE = 1024
FINGER_SIZE = 512
ADDRESS_SIZE = 70
_SIZES = ((TEXT_SIZE,), (PHOTO_SIZE,), (0, FINGER_SIZE, 2 * FINGER_SIZE))  # text, photo, fingers
LONGEST = 2 * len(_SIZES) + TEXT_SIZE + PHOTO_SIZE + 2 * FINGER_SIZE


def join_blocks(*blocks: bytes) -> bytes:
    """What a reader sends: all sizes, then all blocks."""
    return b"".join(len(block).to_bytes(2, "big") for block in blocks) + b"".join(blocks)


def split_blocks(data: bytes, count: int) -> tuple[bytes, ...] | None:
    """The `count` blocks (2: text, photo; 3: fingerprints too); None when a size is not theirs."""
    head = 2 * count
    sizes = [int.from_bytes(data[at : at + 2], "big") for at in range(0, head, 2)]
    known = all(size in allowed for size, allowed in zip(sizes, _SIZES, strict=False))
    if not known or len(data) != head + sum(sizes):
        return None
    return tuple(data[a:b] for a, b in pairwise(accumulate(sizes, initial=head)))


def split_fingers(block: bytes) -> tuple[bytes, ...]:
    """Each finger's block; none, one or two."""
    return tuple(block[at : at + FINGER_SIZE] for at in range(0, len(block), FINGER_SIZE))

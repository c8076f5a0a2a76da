"""What a photo decoder may give back: a whole BMP or JPEG file, or a portrait's bare pixels."""

from __future__ import annotations

import struct

WIDTH, HEIGHT = 102, 126  # of every portrait
LARGEST = 1 << 18  # bytes
_MOST_PIXELS = 4096  # on one side
_BMP_HEAD = struct.Struct("<2s8xIIiiHHI12xI")  # up to and with the number of colours
_FILE_HEAD, _INFO_HEADS = 14, (40, 52, 56, 108, 124)
_HEAD_SIZE = _FILE_HEAD + 40
_WITH_PALETTE, _DEPTHS = 8, (8, 24, 32)
_JPEG = b"\xff\xd8\xff", b"\xff\xd9"


def picture(output: bytes) -> bytes:
    """A picture file that a viewer can open, or nothing. Never raises."""
    if len(output) == WIDTH * HEIGHT * 3:
        return bmp_of_rgb(output)
    if len(output) > LARGEST:
        return b""
    whole_jpeg = output.startswith(_JPEG[0]) and output.endswith(_JPEG[1])
    return output if whole_jpeg or _is_bmp(output) else b""


def bmp_of_rgb(pixels: bytes) -> bytes:
    """Pixels of red, green and blue, the lowest row first, as the known libraries give them."""
    row = WIDTH * 3
    padding = bytes(-row % 4)
    swapped = bytearray(pixels)
    swapped[0::3], swapped[2::3] = pixels[2::3], pixels[0::3]
    body = b"".join(swapped[at : at + row] + padding for at in range(0, len(pixels), row))
    head = bytearray(_BMP_HEAD.pack(b"BM", _HEAD_SIZE, 40, WIDTH, HEIGHT, 1, 24, 0, 0))
    head[2:6] = (_HEAD_SIZE + len(body)).to_bytes(4, "little")
    return bytes(head.ljust(_HEAD_SIZE, b"\0")) + body


def _is_bmp(output: bytes) -> bool:
    """Uncompressed, of sane size, with its palette and all its rows."""
    if len(output) < _HEAD_SIZE:
        return False
    mark, start, info, width, height, _, depth, packed, colours = _BMP_HEAD.unpack_from(output)
    if mark != b"BM" or info not in _INFO_HEADS or packed or depth not in _DEPTHS:
        return False
    if not (0 < width <= _MOST_PIXELS and 0 < abs(height) <= _MOST_PIXELS):
        return False
    rows: int = (width * depth + 31) // 32 * 4 * abs(height)
    palette = 4 * (colours or 256) if depth == _WITH_PALETTE else 0
    return bool(colours <= 256 and _FILE_HEAD + info + palette <= start <= len(output) - rows)

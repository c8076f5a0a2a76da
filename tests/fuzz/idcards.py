"""ID card readers: SDT frames, whole reads, text blocks, and what a photo decoder gives back."""

from __future__ import annotations

import io
import json
from datetime import date

from given import FIXTURES, Given, pieces
from PIL import Image

from drivers.idcard.blocks import LONGEST, join_blocks
from drivers.idcard.codes import sam_number
from drivers.idcard.frames import (
    BLOCKS,
    BadChecksum,
    BadLength,
    Command,
    CutShort,
    Garbage,
    NeedMore,
    Reply,
    parse,
    parse_end,
    reply,
    request,
    take_request,
)
from drivers.idcard.line import LineFault
from drivers.idcard.pictures import HEIGHT, LARGEST, WIDTH, picture
from drivers.idcard.reading import Wish, read_card
from drivers.idcard.samples import FINGERS, SAMPLES, sample_wlt
from drivers.idcard.text import decode, decode_address, encode, encode_address
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault, IdCard

TODAY = date(2026, 11, 21)
COMMANDS = list(Command)
FAULTS = list(LineFault)
SIZES = {Command.FIND: 4, Command.SELECT: 8, Command.SAM_ID: 16, Command.READ_ADDRESS: 70}
HEAD = 16  # bytes of a frame around its data, at most


def sdt_frames(data: bytes) -> None:
    """As they come from a line, and as a reader hears them."""
    given = Given(data)
    command, size = given.pick(COMMANDS), given.number()
    stream = given.rest()
    buffer = b""
    for piece in pieces(stream, size):
        buffer = _parsed(buffer + piece, command)
        assert len(buffer) <= LONGEST + HEAD + len(piece)
    assert isinstance(parse_end(buffer), CutShort | None)
    content: bytes | None = b""
    while content is not None:
        content, rest = take_request(stream)
        assert content is None or len(rest) < len(stream)
        stream = rest


def _parsed(buffer: bytes, command: Command) -> bytes:
    """What is left when nothing more can be made of it."""
    while True:
        parsed, rest = parse(buffer, command)
        assert buffer.endswith(rest)
        if isinstance(parsed, NeedMore):
            assert parsed.missing > 0
            return rest
        assert isinstance(parsed, Reply | BadChecksum | BadLength | Garbage)
        assert len(rest) < len(buffer)
        if isinstance(parsed, Reply):
            assert len(parsed.data) <= LONGEST
            sam_number(parsed.data)
        buffer = rest


def sdt_read(data: bytes) -> None:
    """A reader that answers each command as it likes, in sound frames."""
    given = Given(data)
    choices = given.number()
    wish = Wish(TODAY, fingerprints=bool(choices & 1), new_address=bool(choices & 2))

    def ask(command: Command) -> Reply | LineFault:
        status = given.number()
        if status < len(FAULTS):
            return FAULTS[status]
        content = given.take(SIZES.get(command, 0))
        if command in BLOCKS:
            fingers = [given.take(512 * (given.number() % 3))] if BLOCKS[command] == 3 else []
            content = join_blocks(given.take(256), bytes(1024), *fingers)
        parsed, _ = parse(reply(status, content), command)
        return parsed if isinstance(parsed, Reply) else LineFault.GARBLED

    told = read_card(ask, wish)
    assert isinstance(told, IdCard | CardFault)


def sdt_text(data: bytes) -> None:
    """What was read can be written, and read again."""
    block = data[:256].ljust(256, b"\0") if data[:1] == b"\0" else data
    card = decode(block)
    if isinstance(card, IdCard):
        assert decode(encode(card)) == card
        assert repr(card) == f"IdCard(card_type={card.card_type!r})"
        check_card(card, TODAY)
    else:
        assert card is CardFault.WRONG_CARD
    address = decode_address(data)
    if len(data) == 70:
        assert decode_address(encode_address(address)) == address


def sdt_pictures(data: bytes) -> None:
    given = Given(data)
    output = given.rest()
    if data[:1] == b"\0":  # bare pixels, which a fuzzer would never get long enough
        output = output[:8].ljust(WIDTH * HEIGHT * 3, b"\x7f")
    made = picture(output)
    assert len(made) <= LARGEST
    if made.startswith(b"BM"):
        with Image.open(io.BytesIO(made), formats=["BMP"]) as bmp:
            bmp.load()
    else:
        assert not made or made.startswith(b"\xff\xd8\xff")


def _frames() -> list[bytes]:
    told = json.loads((FIXTURES / "idcard" / "frames.json").read_text())
    heard = [(one["to"], one["frame"]) for one in told["replies"]]
    heard += [(one["to"], one["bytes"]) for one in told["streams"]]
    names = [command.name for command in COMMANDS]
    replies = [bytes([names.index(to), 64]) + bytes.fromhex(said) for to, said in heard]
    return [*replies, b"\0\0" + request(Command.FIND) + request(Command.READ)]


def _reads() -> list[bytes]:
    selected = b"\x90" + bytes(8)
    blocks = {name: encode(card) + sample_wlt(name)[:0] for name, card in SAMPLES.items()}
    moved = b"\x90" + encode_address("示例县新村2号")
    plain = [b"\x02" + selected + b"\x90" + text + moved for text in blocks.values()]
    prints = b"\x03" + selected + b"\x90\x02" + b"".join(FINGERS["zhang"]) + blocks["zhang"] + moved
    return [*plain, prints, b"\0\x41\x41", b"\0" + selected + b"\x05\x04"]


def _pictures() -> list[bytes]:
    made = [b"\0rgb", b"\xff\xd8\xff\xe0 a \xff\xd9"]
    for mode in ("RGB", "P", "RGBA"):
        file = io.BytesIO()
        Image.new(mode, (5, 3)).save(file, "BMP")
        made.append(file.getvalue())
    return made


SEEDS = {
    "sdt_frames": _frames,
    "sdt_read": _reads,
    "sdt_text": lambda: [*(encode(card) for card in SAMPLES.values()), encode_address("示例县")],
    "sdt_pictures": _pictures,
}

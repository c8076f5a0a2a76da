"""What is said to a reader about a card, and what its answers mean. No line is opened here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from drivers.idcard.blocks import split_blocks, split_fingers
from drivers.idcard.codes import card_fault
from drivers.idcard.frames import BLOCKS, Command, Reply, Status
from drivers.idcard.line import LineFault
from drivers.idcard.text import LAYOUTS, decode, decode_address
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault, IdCard

Ask = Callable[[Command], Reply | LineFault]
Picture = Callable[[bytes], bytes]  # 1024 bytes of WLT → a picture file, or nothing

_LINE_FAULTS: Mapping[LineFault, CardFault] = MappingProxyType(
    {
        LineFault.ABSENT: CardFault.NO_READER,
        LineFault.DENIED: CardFault.NO_READER,
        LineFault.SILENT: CardFault.NO_READER,
        LineFault.GARBLED: CardFault.CHECKSUM,
        LineFault.CHECKSUM: CardFault.CHECKSUM,
        LineFault.CUT_SHORT: CardFault.CUT_SHORT,
    }
)
_ALWAYS = (Status.OK,)
_SUCCESSES: Mapping[Command, tuple[Status, ...]] = MappingProxyType(
    {
        Command.FIND: (Status.FOUND, Status.NOT_FOUND),
        # a card without such an address, a reader that knows of none
        Command.READ_ADDRESS: (Status.OK, Status.NO_CONTENT, Status.BAD_COMMAND),
        # a reader from the time before fingerprints is asked for the rest
        Command.READ_FINGERS: (Status.OK, Status.BAD_COMMAND),
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is read beside text and portrait. `today` decides whether a card has expired, which
    `expired` allows."""

    today: date
    expired: bool = False
    fingerprints: bool = False
    new_address: bool = True


def no_picture(_wlt: bytes) -> bytes:
    return b""


def find_card(ask: Ask) -> bool | CardFault:
    """Asks once: who waits for a card asks again anyway."""
    reply = _judge(ask(Command.FIND), Command.FIND)
    if isinstance(reply, CardFault):
        return False if reply is CardFault.LIFTED else reply
    return reply.status == Status.FOUND


def read_card(ask: Ask, wish: Wish, picture: Picture = no_picture) -> IdCard | CardFault:
    """Select, read, and what `wish` adds; nothing more of a card that can't be used anyway."""
    selected = _succeed(ask, Command.SELECT)
    if isinstance(selected, CardFault):
        return selected
    blocks = _read_blocks(ask, wish)
    if isinstance(blocks, CardFault):
        return blocks
    text, wlt, *fingers = blocks
    card = decode(text)
    if isinstance(card, CardFault):
        return card
    fault = check_card(card, wish.today, expired=wish.expired)
    address = fault or _read_address(ask, card, wish)
    if isinstance(address, CardFault):
        return address
    prints = split_fingers(b"".join(fingers))
    return replace(card, new_address=address, fingerprints=prints, photo=picture(wlt))


def _read_blocks(ask: Ask, wish: Wish) -> tuple[bytes, ...] | CardFault:
    command = Command.READ_FINGERS if wish.fingerprints else Command.READ
    whole = _succeed(ask, command)
    if isinstance(whole, Reply) and whole.status == Status.BAD_COMMAND:
        command = Command.READ
        whole = _succeed(ask, command)
    if isinstance(whole, CardFault):
        return whole
    return split_blocks(whole.data, BLOCKS[command]) or CardFault.CUT_SHORT


def _read_address(ask: Ask, card: IdCard, wish: Wish) -> str | CardFault:
    """Only cards that hold an address can have got another."""
    if not wish.new_address or "address" not in LAYOUTS[card.card_type]:
        return ""
    reply = _succeed(ask, Command.READ_ADDRESS)
    return decode_address(reply.data) if isinstance(reply, Reply) else reply


def _succeed(ask: Ask, command: Command) -> Reply | CardFault:
    return _judge(_repeat(ask, command), command)


def _judge(reply: Reply | LineFault, command: Command) -> Reply | CardFault:
    if isinstance(reply, LineFault):
        return _LINE_FAULTS[reply]
    good = reply.status in _SUCCESSES.get(command, _ALWAYS)
    return reply if good else card_fault(reply.status)


def _repeat(ask: Ask, command: Command) -> Reply | LineFault:
    """Ask, and once more after a damaged reply.

    The repeat counts only if it succeeds, or shows that the reader is gone. Readers differ in
    whether they let a card be selected or read twice, so its failure says nothing about the
    card, and the first fault is told.
    """
    first = ask(command)
    if isinstance(first, Reply) or _LINE_FAULTS[first] is CardFault.NO_READER:
        return first
    again = ask(command)
    if isinstance(again, Reply):
        return again if again.status in _SUCCESSES.get(command, _ALWAYS) else first
    return again if _LINE_FAULTS[again] is CardFault.NO_READER else first

"""`kiosk staff`: who may work at this terminal. Numbers and PINs never come as arguments.

kiosk staff add "李小田" --role helper --level village     asks for card number and PIN; prints H-01
kiosk staff list
kiosk staff pin H-01
kiosk staff remove H-01
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from kiosk.identity.pins import LONGEST, SHORTEST, PinFault
from kiosk.identity.roster import Roster, StaffFault, StaffRefusedError
from kiosk.model import Level, StaffRole

app = typer.Typer(
    help="Who may work at this terminal: helpers, operators, administrators.",
    no_args_is_help=True,
)

Settings = Annotated[Path, typer.Option(help="The terminal's settings file.", metavar="FILE")]
Stdin = Annotated[
    bool, typer.Option("--stdin", help="Read card number and PIN as two lines of standard input.")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it, such as H-01.")]
DEFAULT = Path("config/terminal.toml")

EXPLAINED: Mapping[StaffFault | PinFault, str] = MappingProxyType(
    {
        StaffFault.BAD_NAME: "a name has 1 to 60 printable characters",
        StaffFault.BAD_NUMBER: "this is no number of an identity card; type it as it is printed",
        StaffFault.CARD_KNOWN: "somebody with this card is on the roster already",
        StaffFault.OTHER_CARD: "this is not the number of that member's card",
        StaffFault.UNKNOWN_ID: "nobody on the roster has this id; `kiosk staff list` shows all",
        PinFault.LENGTH: f"a PIN has {SHORTEST} to {LONGEST} digits",
        PinFault.DIGITS: "a PIN has digits only",
        PinFault.SAME_DIGIT: "a PIN of one digit only is guessed at once",
        PinFault.RUN: "a PIN whose digits count up or down is guessed at once",
        PinFault.REPEATED: "a PIN that repeats itself is guessed at once",
        PinFault.CARD_NUMBER: "a PIN must not be taken from the card's number or the birth date",
    }
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="As those who are helped shall see it.")],
    role: Annotated[StaffRole, typer.Option(help="What this person does here.")],
    level: Annotated[Level, typer.Option(help="Whose service point this person works for.")],
    stdin: Stdin = False,
    settings: Settings = DEFAULT,
) -> None:
    """Put somebody on the roster, and print the id."""
    with _plainly():
        roster = Roster.load(roster_path(settings))
        number, pin = _secrets(stdin)
        typer.echo(roster.add(name, number, role, level, pin).id)


@app.command()
def remove(member: Id, settings: Settings = DEFAULT) -> None:
    """Take somebody off the roster, at once."""
    with _plainly():
        Roster.load(roster_path(settings)).remove(member)
        typer.echo(member)


@app.command("list")
def list_members(settings: Settings = DEFAULT) -> None:
    """Print id, role, level and name of each."""
    for one in Roster.load(roster_path(settings)).members():
        typer.echo(f"{one.id:6} {one.role:14} {one.level:8} {one.name}")


@app.command()
def pin(member: Id, stdin: Stdin = False, settings: Settings = DEFAULT) -> None:
    """Give somebody a new PIN, and another chance after too many wrong ones."""
    with _plainly():
        roster = Roster.load(roster_path(settings))
        number, chosen = _secrets(stdin)
        roster.set_pin(member, chosen, number)
        typer.echo(member)


def roster_path(settings: Path) -> Path:
    """Raises `SettingsError`."""
    from kiosk.settings import load

    return load(settings).staff.roster


def _secrets(stdin: bool) -> tuple[str, str]:
    """Card number and PIN, neither shown. The number has a check digit, so it is asked for once."""
    if stdin:
        number, pin = sys.stdin.readline(), sys.stdin.readline()
        return number.rstrip("\r\n"), pin.rstrip("\r\n")
    number = typer.prompt("Number of the identity card", hide_input=True)
    return number, typer.prompt("PIN", hide_input=True, confirmation_prompt="PIN again")


@contextmanager
def _plainly() -> Iterator[None]:
    """A refusal is one sentence and exit code 1."""
    try:
        yield
    except StaffRefusedError as refused:
        typer.echo(f"kiosk staff: {EXPLAINED[refused.fault]}", err=True)
        raise typer.Exit(1) from None

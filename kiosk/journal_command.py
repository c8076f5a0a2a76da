"""`kiosk journal`: what maintenance does with a terminal's journal; see docs/operations.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The terminal's journal: look through it, or set it aside.",
    no_args_is_help=True,
    add_completion=False,
)
Settings = Annotated[Path, typer.Option(help="The terminal's settings file.", metavar="FILE")]
DEFAULT = Path("config/terminal.toml")


@app.command()
def check(settings: Settings = DEFAULT) -> None:
    """Look through the whole file and its chain; 0 if all is well. Changes nothing."""
    from kiosk import bootstrap
    from kiosk.errors import JournalError
    from kiosk.settings import load

    loaded = load(settings)
    if not bootstrap.journal_path(loaded).exists():
        typer.echo("There is no journal yet.")
        return
    try:
        journal = bootstrap.open_journal(loaded)
        journal.look_through()
        checked = journal.verify()
    except JournalError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        f"Journal {journal.id} is sound. Records: {checked}, numbers {journal.pruned_through + 1}"
        f" to {journal.last_seq}; the fleet holds all through {journal.acked_through}."
        f" Size: {journal.size / 2**20:.1f} MB."
    )
    waiting = journal.rescued.waiting
    if waiting:
        typer.echo(f"Records of an earlier journal that the fleet does not hold yet: {waiting}.")
    journal.close()


@app.command()
def renew(
    settings: Settings = DEFAULT,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Set the journal aside as it is, for those who investigate, and begin another.

    Sound records and pages that the fleet lacks are taken along. The terminal must be stopped.
    """
    from kiosk import bootstrap
    from kiosk.journal import renew as set_aside
    from kiosk.settings import load

    loaded = load(settings)
    if not sure:
        typer.confirm("Is the terminal stopped, and has somebody looked at it?", abort=True)
    set_aside(bootstrap.journal_path(loaded), loaded.terminal.id)
    check(settings)

"""The `kiosk` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk import catalogue_command, journal_command, models, staff
from kiosk.errors import KioskError

app = typer.Typer(
    help="Self-service government terminal: the program of one terminal, and tools beside it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(staff.app, name="staff")
app.add_typer(models.app, name="models")
app.add_typer(catalogue_command.app, name="catalogue")
app.add_typer(journal_command.app, name="journal")
internal = "Parts started by `kiosk run`"

Settings = Annotated[
    Path, typer.Option(help="The terminal's settings file.", show_default=True, metavar="FILE")
]


def _language(name: str) -> str:
    from kiosk.settings import language_there

    try:
        return language_there(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


LANGUAGE = Annotated[
    str, typer.Option(help="One of those in config/locales.", callback=_language, metavar="NAME")
]
DEFAULT = Path("config/terminal.toml")
WAYS = "How the sample citizen is identified: face, code, pin or helper."


@app.command()
def run(
    settings: Settings = DEFAULT,
    play: Annotated[
        bool, typer.Option(help="Play demonstration visits even though there is a display.")
    ] = False,
    visits: Annotated[int, typer.Option(help="Stop after so many played visits (0: never).")] = 0,
) -> None:
    """Start the terminal and everything it needs; stop with Ctrl-C.

    With a display, a window opens and (where devices are simulated) a dock beside it.
    Without one, a virtual display is made and visits play by themselves, a printed
    line for each step.
    """
    from kiosk.run import run_terminal

    raise typer.Exit(run_terminal(settings, play=play, visits=visits))


@app.command()
def demo(  # noqa: PLR0917 (typer takes options as arguments)
    settings: Settings = DEFAULT,
    out: Annotated[Path, typer.Option(help="Folder for everything the visit leaves.")] = Path(
        "var/demo"
    ),
    item: Annotated[
        str, typer.Option(help="Which item: certificate, residence, query or marriage.")
    ] = "certificate",
    language: LANGUAGE = "zh_CN",
    landscape: Annotated[bool, typer.Option(help="1920 x 1080 instead of 1080 x 1920.")] = False,
    way: Annotated[str, typer.Option(help=WAYS)] = "face",
) -> None:
    """Play one whole visit and end: 0 only if its papers are presented and the fleet has the case.

    Leaves screens/, receipt.escpos, receipt.png, certificate.pdf and summary.json in the folder.
    """
    from kiosk.demo import run_demo

    raise typer.Exit(run_demo(settings, out, item, language, landscape=landscape, way=way))


@app.command()
def check(  # noqa: PLR0917 (typer takes options as arguments)
    settings: Settings = DEFAULT,
    guided: Annotated[
        bool, typer.Option("--guided", help="Try each device, with a person's help.")
    ] = False,
    device: Annotated[
        list[str] | None, typer.Option(help="Only this device; can be given again.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a readiness report (PDF).", metavar="FILE")
    ] = None,
    find: Annotated[
        bool, typer.Option("--find", help="List what is plugged in, and the settings for it.")
    ] = False,
    language: LANGUAGE = "en",
) -> None:
    """Check settings, catalogue, journal, devices and fleet; say what is wrong and what to do."""
    from kiosk.checks import Options, Typist, run_checks
    from kiosk.model import Language

    if find:
        from drivers.finder import find_devices

        for line in find_devices():
            typer.echo(line)
        raise typer.Exit(0)
    person = Typist() if guided else None
    options = Options(Language(language), person, report, tuple(device or ()), typer.echo)
    raise typer.Exit(run_checks(settings, options))


@app.command()
def dock(
    words: Annotated[
        list[str] | None, typer.Argument(help="A device and key=value ...; or: reset")
    ] = None,
    settings: Settings = DEFAULT,
) -> None:
    """Act on simulated devices: put a card down, take the paper out, cut the network.

    Without words it lists every device, what can be done to it, and how it is now.
    """
    from kiosk.dock import run_dock
    from kiosk.settings import load

    raise typer.Exit(run_dock(load(settings).simulators.folder, words or []))


@app.command()
def verify(
    what: Annotated[
        str | None, typer.Argument(help="A PDF, a picture of a QR code, or its text.")
    ] = None,
    trust: Annotated[
        Path, typer.Option(help="The issuer's public folder: root.pem, keys.json, list.cose.")
    ] = Path("var/trust"),
    language: LANGUAGE = "zh_CN",
    update: Annotated[
        Path | None, typer.Option(help="First take a newer signed list.", metavar="FILE")
    ] = None,
) -> None:
    """Check a certificate without a network: 0 valid, 1 not valid."""
    from kiosk import certificates
    from kiosk.model import Language

    if update is not None:
        typer.echo(f"list no. {certificates.update(trust, update.read_bytes()).serial}")
    if what is None:
        raise typer.Exit(0 if update else 2)
    path = Path(what)
    is_file = len(what) < 4096 and path.is_file()
    if not is_file and path.suffix.lower() in {".pdf", ".png", ".jpg", ".jpeg"}:
        raise FileNotFoundError(f"there is no file {what}")
    verdict = (
        certificates.verify_file(path, trust) if is_file else certificates.verify_qr(what, trust)
    )
    typer.echo(certificates.report(verdict, Language(language)))
    raise typer.Exit(0 if verdict.valid else 1)


@app.command()
def update(
    folder: Annotated[Path, typer.Argument(help="The stick's: written by `fleet updates export`.")],
    version: Annotated[str, typer.Option(help="This one; otherwise the newest.")] = "",
    settings: Settings = DEFAULT,
) -> None:
    """Install new software from a stick: checked as if it came over the network."""
    from kiosk import update_command

    raise typer.Exit(update_command.run(settings, folder, version))


@app.command()
def gallery(  # noqa: PLR0917 (typer takes options as arguments)
    out: Annotated[Path, typer.Option(help="Folder for the pictures and index.html.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="Standard text and light colours alone.")
    ] = False,
    only: Annotated[str, typer.Option(help="Screens with this in their names.")] = "",
    theme: Annotated[list[str] | None, typer.Option(help="These colours; again for more.")] = None,
    text: Annotated[list[int] | None, typer.Option(help="This text size; again for more.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Measure contrast and sizes; 1 if one is too small.")
    ] = False,
    faulty: Annotated[
        bool, typer.Option("--faulty", help="As --check; keeps only pictures with a fault.")
    ] = False,
) -> None:
    """Pictures of every screen in every language, theme, text size and orientation.

    On a virtual display; index.html in the folder shows them with filters.
    """
    from dataclasses import replace

    from screens.gallery import draw
    from screens.gallery_looks import looks
    from screens.gallery_table import faults, sizes, table

    wanted = replace(looks(theme, text, quick=quick), only=only, check=check or faulty)
    shots = draw(out, replace(wanted, faulty=faulty))
    typer.echo("\n".join((f"{len(shots)} pictures: {out / 'index.html'}", *sizes(shots))))
    if check or faulty:
        typer.echo(table(shots))
        found = faults(shots)
        typer.echo("\n".join(found))
        raise typer.Exit(1 if found else 0)


@app.command(rich_help_panel=internal)
def selfcheck(settings: Settings = DEFAULT) -> None:
    """Can this version run here? Touches no device; a new version runs it before it is used."""
    from kiosk import selfcheck as check_itself

    raise typer.Exit(check_itself.run(settings))


@app.command(rich_help_panel=internal)
def screen(  # noqa: PLR0917 (typer takes options as arguments)
    settings: Settings = DEFAULT,
    task: Annotated[list[str] | None, typer.Option(help="Play visits to this task_code.")] = None,
    visits: Annotated[int, typer.Option(help="End after so many played visits.")] = 0,
    pictures: Annotated[Path | None, typer.Option(help="Folder for pictures.")] = None,
    steps: Annotated[Path | None, typer.Option(help="File for step times (JSON lines).")] = None,
    pause: Annotated[float, typer.Option(help="Seconds a played visit rests on a page.")] = 0.0,
    way: Annotated[str, typer.Option(help=WAYS)] = "face",
) -> None:
    """The screen process: touch screen, session and devices."""
    from kiosk import programs

    playing = programs.Playing(task, visits, pictures, steps, pause, way) if task else None
    raise typer.Exit(programs.screen(settings, playing))


@app.command(rich_help_panel=internal)
def agent(settings: Settings = DEFAULT) -> None:
    """The agent process: journal and health to the fleet."""
    from kiosk import programs

    raise typer.Exit(programs.agent(settings))


def main() -> None:
    """Entry point; expected errors end in one plain sentence and exit code 2."""
    from kiosk.bootstrap import configure_logs

    configure_logs()
    try:
        app()
    except (KioskError, OSError) as error:
        print(f"kiosk: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()

"""The `kiosk` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk.errors import KioskError

app = typer.Typer(
    help="Self-service government terminal: the program of one terminal, and tools beside it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
internal = "Parts started by `kiosk run`"

Settings = Annotated[
    Path, typer.Option(help="The terminal's settings file.", show_default=True, metavar="FILE")
]
DEFAULT = Path("config/terminal.toml")


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
def demo(
    settings: Settings = DEFAULT,
    out: Annotated[Path, typer.Option(help="Folder for everything the visit leaves.")] = Path(
        "var/demo"
    ),
    item: Annotated[
        str, typer.Option(help="Which item: certificate, residence or query.")
    ] = "certificate",
    language: Annotated[str, typer.Option(help="zh_CN or en.")] = "zh_CN",
    landscape: Annotated[bool, typer.Option(help="1920 x 1080 instead of 1080 x 1920.")] = False,
) -> None:
    """Play one whole visit and end: 0 only if its papers are presented and the fleet has the case.

    Leaves screens/, receipt.escpos, receipt.png, certificate.pdf and summary.json in the folder.
    """
    from kiosk.demo import run_demo

    raise typer.Exit(run_demo(settings, out, item, language, landscape=landscape))


@app.command()
def check(settings: Settings = DEFAULT) -> None:
    """Check settings, catalogue, journal, devices and fleet; say what is wrong and what to do."""
    from kiosk.checks import run_checks

    raise typer.Exit(run_checks(settings))


@app.command()
def verify(
    what: Annotated[str, typer.Argument(help="A PDF, a picture of a QR code, or its text.")],
    trust: Annotated[
        Path, typer.Option(help="Folder with root.pem and keys.json of the issuer.")
    ] = Path("var/trust"),
    language: Annotated[str, typer.Option(help="zh_CN or en.")] = "zh_CN",
) -> None:
    """Check a certificate without a network: 0 valid, 1 not valid."""
    from kiosk import certificates
    from kiosk.model import Language

    path = Path(what)
    is_file = len(what) < 4096 and path.is_file()
    if not is_file and path.suffix.lower() in {".pdf", ".png", ".jpg", ".jpeg"}:
        raise FileNotFoundError(f"there is no file {what}")
    verdict = (
        certificates.verify_file(path, trust) if is_file else certificates.verify_qr(what, trust)
    )
    typer.echo(certificates.report(verdict, Language(language)))
    raise typer.Exit(0 if verdict.valid else 1)


@app.command(rich_help_panel=internal)
def screen(  # noqa: PLR0917 (typer takes options as arguments)
    settings: Settings = DEFAULT,
    task: Annotated[list[str] | None, typer.Option(help="Play visits to this task_code.")] = None,
    visits: Annotated[int, typer.Option(help="End after so many played visits.")] = 0,
    pictures: Annotated[Path | None, typer.Option(help="Folder for pictures.")] = None,
    steps: Annotated[Path | None, typer.Option(help="File for step times (JSON lines).")] = None,
    pause: Annotated[float, typer.Option(help="Seconds a played visit rests on a page.")] = 0.0,
) -> None:
    """The screen process: touch screen, session and devices."""
    from kiosk import programs

    playing = programs.Playing(task, visits, pictures, steps, pause) if task else None
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

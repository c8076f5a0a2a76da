"""`kiosk models`: model packs for comparing faces; see docs/faces.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from drivers.face.install import Advance
    from drivers.face.manifest import Network

app = typer.Typer(
    help="Model packs for comparing faces.", no_args_is_help=True, add_completion=False
)
STORE = Path("var/models")
Store = Annotated[Path, typer.Option(help="Where packs are kept.", metavar="FOLDER")]


@app.command()
def install(
    source: Annotated[
        str, typer.Argument(help="A folder with models.toml, or its http(s) address.")
    ],
    manifest: Annotated[
        Path | None, typer.Option(help="Take the files from there, but this manifest.")
    ] = None,
    store: Store = STORE,
) -> None:
    """Get a pack, verify it, and use it from now on; what was in use before is removed."""
    from drivers.face.install import CURRENT, InstallError, origin
    from drivers.face.install import install as install_pack

    _quiet()
    try:
        told = install_pack(origin(source), store, manifest, _bar)
    except InstallError as error:
        typer.echo(f"kiosk models: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{told.label} ({told.licence}) is installed.\n\n{told.limits}\n")
    typer.echo(f'In the settings: [camera.opencv] models = "{store / CURRENT}"')


@app.command(name="list")
def list_packs(store: Store = STORE) -> None:
    """The packs of the store; the one in use has a star."""
    from drivers.face.install import packs
    from drivers.face.manifest import PackProblem
    from drivers.face.packs import read_manifest

    for folder, used in packs(store):
        told = read_manifest(folder)
        what = (
            str(told) if isinstance(told, PackProblem)
            else f"{told.label}, {told.licence}, "
            f"{sum(one.bytes for one in told.networks) / 1e6:.1f} MB"
        )  # fmt: skip
        typer.echo(f"{'*' if used else ' '} {folder.name}: {what}")


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A pack's folder; the one in use without it.")
    ] = None,
    store: Store = STORE,
) -> None:
    """Load a pack, run each network, and tell how long it takes: 0 if it can be used, 1 if not."""
    from drivers.face.install import CURRENT
    from drivers.face.manifest import PackProblem
    from drivers.face.packs import load
    from drivers.face.times import times

    _quiet()
    pack = load(folder or store / CURRENT)
    if isinstance(pack, PackProblem):
        typer.echo(f"kiosk models: the pack can't be used ({pack}).", err=True)
        raise typer.Exit(1)
    typer.echo(f"{pack.manifest.label}, {pack.manifest.licence}")
    for what, seconds in times(pack):
        typer.echo(f"{what:<40}{seconds * 1000:8.1f} ms")


def _bar(network: Network) -> Advance:
    """A progress bar for one file."""
    bar = typer.progressbar(length=network.bytes, label=network.file)

    def advance(count: int) -> None:
        bar.update(count)
        if bar.finished:
            bar.render_finish()

    return advance


def _quiet() -> None:
    """OpenCV tells in its own words what we tell in ours."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

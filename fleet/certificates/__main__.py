"""`python -m fleet.certificates`: take certificates and keys back, sign the list, make the page."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fleet.certificates import page as pages
from fleet.certificates import trustlist
from fleet.certificates.keys import KeysError
from fleet.errors import KeyFileError

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Var = Annotated[Path, typer.Option(help="The fleet's own folder, with its keys.")]
Trust = Annotated[Path, typer.Option(help="The public folder of keys and lists.")]
VAR, TRUST, VERIFIER = Path("var/fleet"), Path("var/trust"), Path("var/verifier")


@app.command()
def revoke(numbers: list[str], var: Var = VAR, trust: Trust = TRUST) -> None:
    """Take certificates back by their numbers, and publish the list."""
    _say(trustlist.revoke(var, trust, _now(), numbers))


@app.command("revoke-key")
def revoke_key(kid: str, var: Var = VAR, trust: Trust = TRUST) -> None:
    """Withdraw a key of the QR codes (kid in hex): nothing that it signed is believed."""
    try:
        known = bytes.fromhex(kid)
    except ValueError:
        raise KeysError(f"{kid} is no kid: it has 16 hex digits, see keys.json") from None
    _say(trustlist.revoke_key(var, trust, _now(), known))


@app.command("list")
def sign_list(var: Var = VAR, trust: Trust = TRUST) -> None:
    """Sign the list again when it is a day old; once a day is enough."""
    _say(trustlist.publish(var, trust, _now()))


@app.command()
def page(
    out: Path = VERIFIER / "index.html",
    trust: Trust = TRUST,
    script: Annotated[Path, typer.Option(help="The bundled script.")] = VERIFIER / pages.BUNDLE,
) -> None:
    """Write the page that checks certificates offline."""
    if not script.exists():
        script = pages.bundle(script.parent)
    pages.write(script, trust, out)
    typer.echo(str(out))


@app.command()
def bundle(folder: Path = VERIFIER) -> None:
    """Make the page's script anew (needs npm)."""
    typer.echo(str(pages.bundle(folder)))


def _now() -> datetime:
    return datetime.now(UTC)


def _say(known: trustlist.Listed) -> None:
    typer.echo(f"list no. {known.serial}: {len(known.keys)} keys, "
               f"{len(known.certificates)} certificates revoked")  # fmt: skip


def main() -> None:
    """Expected errors end in one plain sentence and exit code 2."""
    try:
        app()
    except (KeysError, KeyFileError, pages.PageError, OSError) as error:
        print(f"certificates: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()

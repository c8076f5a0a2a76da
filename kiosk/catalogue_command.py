"""`kiosk catalogue`: what an office does with its item files; see docs/catalogue.md.

kiosk catalogue lint config/catalogue                     what is wrong, by file and line
kiosk catalogue diff published.kcb config/catalogue       what would change
kiosk catalogue build config/catalogue --out published.kcb
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Item files: check them, publish them, and see what changes.",
    no_args_is_help=True,
    add_completion=False,
)
FOLDER = Path("config/catalogue")
OUT = Path("var/catalogue/published.kcb")
SCHEMA = FOLDER / "item.schema.json"

Folder = Annotated[Path, typer.Argument(help="Folder of item files (*.toml).")]
Templates = Annotated[
    Path, typer.Option(help="Folder of certificates' templates.", metavar="FOLDER")
]
Key = Annotated[Path, typer.Option(help="The key that signs.", metavar="FILE")]
Trust = Annotated[Path, typer.Option(help="Where terminals find public keys.", metavar="FOLDER")]
Information = Annotated[
    Path | None,
    typer.Option(help="Folder of public information; `information` beside FOLDER.", metavar="DIR"),
]
Tenant = Annotated[str, typer.Option(help="As in the terminals' settings.")]
TEMPLATES = Path("config/certificates")
KEY = Path("var/fleet/keys/catalogue.key")
TRUST = Path("var/trust")


@app.command()
def lint(
    folder: Folder = FOLDER, templates: Templates = TEMPLATES, information: Information = None
) -> None:
    """Check every rule: 0 if all is well, 1 with a line for each fault."""
    from kiosk.catalogue import office

    raise typer.Exit(office.check(folder, templates, typer.echo, information))


@app.command()
def build(  # noqa: PLR0917 (typer takes options as arguments)
    folder: Folder = FOLDER,
    out: Annotated[Path, typer.Option(help="The bundle to write.", metavar="FILE")] = OUT,
    after: Annotated[
        Path | None, typer.Option(help="The bundle it follows; FILE itself if not given.")
    ] = None,
    key: Key = KEY,
    trust: Trust = TRUST,
    tenant: Tenant = "sample",
    templates: Templates = TEMPLATES,
    number: Annotated[int, typer.Option(help="Its number is at least this.", min=1)] = 1,
    weights: Annotated[
        Path | None,
        typer.Option(help="JSON: how often each task_code is asked for; FOLDER/weights.json."),
    ] = None,
    information: Information = None,
) -> None:
    """Check every rule, then put one signed bundle in the place of FILE, with the next number.

    Nothing is written when no item has changed, or when anything is wrong.
    """
    from kiosk.catalogue import office

    wanted = office.Publication(
        folder, out, key, tenant, templates, trust, after=after, number=number, weights=weights,
        information=information,
    )  # fmt: skip
    raise typer.Exit(office.build(wanted, typer.echo))


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A bundle, or a folder of item files.")],
    new: Annotated[Path, typer.Argument(help="Another.")],
    trust: Trust = TRUST,
    tenant: Tenant = "sample",
) -> None:
    """What was added, withdrawn and changed, key by key: 0 if nothing, 1 otherwise."""
    from kiosk.catalogue import office

    raise typer.Exit(office.compare(old, new, office.Trusted(trust, tenant), typer.echo))


@app.command()
def search(
    file: Annotated[Path, typer.Argument(help="A bundle.")],
    words: Annotated[str, typer.Argument(help="As somebody would type them.")],
    trust: Trust = TRUST,
    tenant: Tenant = "sample",
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
) -> None:
    """What a citizen finds with these words, the best first."""
    from kiosk.catalogue import office

    trusted = office.Trusted(trust, tenant)
    raise typer.Exit(office.find(file, words, limit, trusted, typer.echo))


@app.command()
def schema(
    out: Annotated[Path, typer.Argument(help="The file to write.")] = SCHEMA,
) -> None:
    """Write the JSON Schema of item files, for editors."""
    from kiosk.catalogue.schema import item_schema

    out.write_bytes(item_schema())
    typer.echo(str(out))


@app.command()
def key(key: Key = KEY, trust: Trust = TRUST) -> None:
    """Make the key that signs, if there is none, and have terminals trust it; print its name."""
    from kiosk.catalogue import keys

    typer.echo(keys.kid(keys.open_key(key, trust).public_key()).hex())


@app.command()
def rules() -> None:
    """Every rule, as the table in docs/catalogue.md."""
    from kiosk.services.lint_listing import table

    typer.echo(table())

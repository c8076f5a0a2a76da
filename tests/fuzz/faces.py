"""Model packs' manifests, and what a face's process may say when it has lost its mind."""

from __future__ import annotations

from pathlib import Path

import msgspec

from drivers.face import wire
from drivers.face.manifest import Manifest, PackFault, PackProblem, parse
from kiosk.model import FaceDecision, FaceHint

SHIPPED = Path(__file__).parents[2] / "config/models"


def pack_manifests(data: bytes) -> None:
    told = parse(data)
    if isinstance(told, PackProblem):
        assert told.fault in set(PackFault)
        assert len(str(told)) < len(data) + 1000
        return
    assert isinstance(told, Manifest)
    assert told.networks
    for network in told.networks:
        assert Path(network.file).name == network.file
        assert not network.file.startswith(".")


def face_answers(data: bytes) -> None:
    said = wire.unpack_up(data)
    assert said is None or isinstance(said, wire.Up)
    if said is not None:
        assert wire.unpack_up(wire.pack(said)) == said


def _manifests() -> list[bytes]:
    shipped = [path.read_bytes() for path in sorted(SHIPPED.glob("*.toml"))]
    return [*shipped, b"format = 1\nname = 'a'\n[detector]\nkind = 'yunet'\n"]


def _answers() -> list[bytes]:
    decision = FaceDecision(None, "a 1", 0.5, 0.4, 0.9, 0.5, ("nod",))
    said = [wire.Loaded("a 1"), *map(wire.Hinted, FaceHint), wire.Decided(decision)]
    return [*map(wire.pack, said), msgspec.json.encode(decision)]


SEEDS = {"pack_manifests": _manifests, "face_answers": _answers}

"""`asyncapi.json` from the code: `python docs/protocol/make.py` writes it anew.

A test fails while the file says something else than `kiosk.wire`.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import wire
from kiosk.wire.topics import HOST, LEAVES, Leaf

DOCUMENT = Path(__file__).with_name("asyncapi.json")
JSON = dict[str, Any]
_SCHEMAS = "#/components/schemas/{name}"
_TIME = "2026-03-02T09:00:00.000+08:00"
_JOURNAL = "0f3c9a1b2d4e5f60"
_WHERE = {
    "id": "The command's own.",
    "tenant": "The county or city that runs the fleet.",
    "terminal": "The terminal's id; with TLS also the common name of its certificate.",
}


def document() -> JSON:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kiosk: a terminal and its fleet",
            "version": wire.PROTOCOL,
            "description": "Made by make.py from kiosk/wire. See README.md beside it for the rules "
            "that no schema can say: order, acknowledgement, hashes, what is sealed.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {_id(leaf): _channel(leaf) for leaf in (*LEAVES, HOST)},
        "operations": {_operation_id(leaf): _operation(leaf) for leaf in (*LEAVES, HOST)},
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def examples() -> dict[str, wire.Message]:
    """One message for each leaf, as real ones are."""
    idcard = wire.DeviceHealth("idcard", "online", driver="sdt_serial")
    receipt = wire.DeviceHealth(
        "receipt", "online", {"paper": "low"}, "paper_low", "refill", "escpos_serial"
    )
    services = {"11445200MB2D0000002000100001001": "", "11445200MB2D0000002000700007001": "network"}
    versions = {"software": "0.1.0", "settings": "5f1c2a", "catalogue": "2026-03-01.1"}
    return {
        "state": wire.State("KT-0001", True, 12, 3, _TIME, **versions, protocol=wire.PROTOCOL),
        "birth": wire.Birth(
            "KT-0001", 12, 3, _JOURNAL, 2, _TIME, "示例县政务服务中心", **versions,
            devices=[idcard, receipt], services=services, protocol=wire.PROTOCOL,
        ),
        "health": wire.Health(
            "KT-0001", 12, _TIME, [idcard, receipt], "idle", 2, 0, 3.5, 364.0, 18_000.0, 86_400.0
        ),
        "services": wire.Services("KT-0001", 12, _TIME, services),
        "events": wire.Events("KT-0001", records()),
        "ack": wire.Ack(_JOURNAL, 2, _TIME, [(4, 6)], 7),
        "command/{id}": _command(),
        "desired": _desired(),
        "fleet/state": wire.HostState(True, 40, _TIME, wire.PROTOCOL),
    }  # fmt: skip


def records() -> list[wire.Record]:
    """A print's intent and its outcome, the first two of a journal."""
    intent = {"job": "J7", "paper": "slip", "case_no": "KT0001-20260302-00001-7"}
    outcome = {"job": "J7", "paper": "slip", "rung": "presented"}
    first = _record(1, "kiosk.print.intent", intent, wire.GENESIS)
    return [first, _record(2, "kiosk.print.outcome", outcome, first.hash, of=1)]


def _record(seq: int, kind: str, data: JSON, prev: str, of: int = 0) -> wire.Record:
    draft = wire.Record(
        id=f"{_JOURNAL}-{seq}", source="/terminals/KT-0001", type=kind, time=_TIME,
        journal=_JOURNAL, boot=3, seq=seq, prev=prev, hash="",
        data=msgspec.Raw(msgspec.json.encode(data)), session="S5", of=of,
    )  # fmt: skip
    return msgspec.structs.replace(draft, hash=wire.digest(draft))


def _command() -> wire.Command:
    """Signed by a key that is made for this example: every run gives the same bytes."""
    key = Ed25519PrivateKey.from_private_bytes(b"example of a key: never use it.."[:32])
    draft = wire.Command(
        "7d1c5e0f9a3b4c2d", "KT-0001", "report", 1_772_413_200, 1_772_413_800,
        key=wire.key_id(key.public_key()),
    )  # fmt: skip
    return msgspec.structs.replace(draft, signature=wire.sign_command(draft, "sample", key))


def _desired() -> wire.Desired:
    """By the key of `_command`."""
    key = Ed25519PrivateKey.from_private_bytes(b"example of a key: never use it.."[:32])
    piece = wire.Piece("0.2.0", "software-0.2.0.zip", "5e" * 32, 148_000_000)
    draft = wire.Desired(
        "KT-0001", 1_772_413_200, 1_772_413_200, software=piece, window="01:30-04:30",
        key=wire.key_id(key.public_key()),
    )  # fmt: skip
    return msgspec.structs.replace(draft, signature=wire.sign_desired(draft, "sample", key))


def _server() -> JSON:
    return {
        "host": "{host}",
        "protocol": "secure-mqtt",
        "protocolVersion": "5.0",
        "description": "Any MQTT broker, 3.1.1 or 5. TLS with a certificate for each terminal.",
        "variables": {"host": {"default": "127.0.0.1:18830", "description": "Host and port."}},
    }


def _id(leaf: Leaf) -> str:
    return leaf.name.replace("fleet/state", "host").replace("/{id}", "")


def _channel(leaf: Leaf) -> JSON:
    host = leaf is HOST
    address = (
        wire.host_topic("{tenant}") if host else wire.topic("{tenant}", "{terminal}", leaf.name)
    )
    names = ("tenant",) if host else ("tenant", "terminal")
    if "{id}" in leaf.name:
        names = (*names, "id")
    name = leaf.message.__name__
    return {
        "address": address,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {one: {"description": _WHERE[one]} for one in names},
    }


def _operation_id(leaf: Leaf) -> str:
    return f"{'say' if leaf.up else 'hear'}_{_id(leaf)}"


def _operation(leaf: Leaf) -> JSON:
    """Seen from a terminal."""
    name = leaf.message.__name__
    bindings = {"qos": leaf.qos, "retain": leaf.retained, "bindingVersion": "0.2.0"}
    return {
        "action": "send" if leaf.up else "receive",
        "channel": {"$ref": f"#/channels/{_id(leaf)}"},
        "summary": leaf.when,
        "messages": [{"$ref": f"#/channels/{_id(leaf)}/messages/{name}"}],
        "bindings": {"mqtt": bindings},
    }


def _messages() -> JSON:
    said = examples()
    return {
        leaf.message.__name__: {
            "name": leaf.message.__name__,
            "summary": inspect.cleandoc(leaf.message.__doc__ or "").split("\n\n")[0],
            "payload": {"$ref": _SCHEMAS.format(name=leaf.message.__name__)},
            "examples": [{"name": _id(leaf), "payload": json.loads(wire.encode(said[leaf.name]))}],
        }
        for leaf in (*LEAVES, HOST)
    }


def _schemas() -> JSON:
    kinds = [leaf.message for leaf in (*LEAVES, HOST)]
    _, found = msgspec.json.schema_components(kinds, ref_template=_SCHEMAS)
    return {name: _draft_7(schema) for name, schema in sorted(found.items())}


def _draft_7(schema: Any) -> Any:
    """AsyncAPI's own schemas are of JSON Schema's draft 7, where a tuple's members are `items`."""
    if isinstance(schema, list):
        return [_draft_7(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    known = {key: _draft_7(value) for key, value in schema.items()}
    if isinstance(said := known.get("description"), str):
        known["description"] = inspect.cleandoc(said)
    members = known.pop("prefixItems", None)
    return known | {"items": members} if members else known


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), "utf-8")

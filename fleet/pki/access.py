"""What Mosquitto is told: who may say and hear what, and how it checks who is there.

The user is the certificate's common name, and so is the client id: nobody can take another's place.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fleet.pki.names import MOST_WORKERS, Role, common_name
from kiosk.wire import PREFIX

UP = ("state", "birth", "health", "services", "events", "result/#")  # a terminal says
DOWN = ("ack", "command/#", "desired")  # and hears
SAID = ("command/#", "desired")  # by the operator
KEPT = ("birth", "health", "events")  # workers of the ingest hear

SECURE = """\
allow_anonymous false
cafile {folder}/ca.pem
certfile {folder}/server.pem
keyfile {folder}/server.pem
crlfile {folder}/crl.pem
tls_version tlsv1.3
require_certificate true
use_identity_as_username true
use_username_as_clientid true
acl_file {folder}/acl
"""
OPEN = "allow_anonymous true\n"


def secure(folder: Path) -> str:
    """For `mosquitto.conf`, after its listener. `folder`: `Authority.broker`."""
    return SECURE.format(folder=folder.resolve())


def acl(tenant: str, shut: Iterable[str] = ()) -> str:
    """Mosquitto's access list. `shut`: terminals whose every certificate is revoked or over."""
    branch = f"{PREFIX}/{tenant}"
    lines = ["# Written by the fleet manager: changes here are lost."]
    lines += _user(common_name(Role.FLEET, tenant), [f"readwrite {branch}/#"])
    lines += _user(
        common_name(Role.OPERATOR, tenant), [f"write {branch}/+/{leaf}" for leaf in SAID]
    )
    lines += _user(common_name(Role.OBSERVER, tenant), [f"read {branch}/#"])
    for number in range(1, MOST_WORKERS + 1):
        worker = common_name(Role.INGEST, tenant, str(number))
        lines += _user(worker, [f"read {branch}/+/{leaf}" for leaf in KEPT])
        lines += [f"topic write {branch}/+/ack"]
    for name in shut:
        lines += _user(name, ["deny #"])
    # The names above fit no pattern of a terminal's own: no terminal's id has a dot.
    lines += ["", f"pattern read {branch}/fleet/state"]
    lines += [f"pattern write {branch}/%u/{leaf}" for leaf in UP]
    lines += [f"pattern read {branch}/%u/{leaf}" for leaf in DOWN]
    return "\n".join(lines) + "\n"


def _user(name: str, rules: list[str]) -> list[str]:
    return ["", f"user {name}", *(f"topic {rule}" for rule in rules)]

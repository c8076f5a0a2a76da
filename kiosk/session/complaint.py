"""A complaint: its questions, and how it is lodged.

It is a record of the journal, sealed to the fleet, under a number that the terminal makes. So it
needs no network, and comes to the fleet once, with the number that the citizen was told.
"""

from __future__ import annotations

import secrets
import time
from datetime import date

import msgspec

from kiosk import wire
from kiosk.services import workdays
from kiosk.services.feedback import complaints
from kiosk.services.fields import FieldChoice, FieldType, FormField, Script, Words
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

PURPOSE = "complaint"  # what it is sealed for
LONGEST = 300  # characters of the citizen's words


def fields() -> tuple[FormField, ...]:
    """What it is about has to be said; words and a phone need not be."""
    kinds = tuple(FieldChoice(kind.code, kind.name) for kind in complaints().kinds)
    return (
        FormField(
            "about", FieldType.CHOICE,
            Words("您想反映什么？", "What is it about?"), choices=kinds,
            short=Words("反映的问题", "About"),
        ),
        FormField(
            "text", FieldType.TEXT,
            Words("请简单说说（可以不写）", "Tell us more, if you like"),
            Words("什么时候，在哪里，发生了什么。不写也可以提交。",
                  "When, where, what happened. You can leave this empty."),
            script=Script.HANZI, max_length=LONGEST, optional=True, short=Words("说明", "More"),
        ),
        FormField(
            "phone", FieldType.TEXT,
            Words("怎样回复您？（可以不留）", "Where can we call you, if you like?"),
            Words("留下电话，我们会回电。不留电话，可以凭编号拨打12345查询。",
                  "With a number we call you back. Without one, call 12345 and give the number of "
                  "your complaint."),
            pattern=r"[0-9]{7,12}", script=Script.DIGITS, max_length=12, optional=True,
            short=Words("联系电话", "Telephone"),
        ),
    )  # fmt: skip


def lodge(terminal: Terminal, visit: Visit) -> bool:
    """Write it. False: the fleet's key is not here yet, and nothing was written. Raises
    `JournalError`."""
    key = terminal.case_key()
    if key is None:
        return False
    journal, said, told = terminal.journal, visit.vault.complaint, complaints()
    serial = (int(journal.id[:8], 16) + journal.last_seq + 1) % 100_000
    complaint = visit.around.complaint
    number = wire.order_number(told.prefix, terminal.place.terminal, today(), serial)
    inside = {
        "id": secrets.token_hex(8),
        "about": said.get("about", ""),
        "text": said.get("text", ""),
        "phone": said.get("phone", ""),
        "case_no": complaint.about_case,
    }
    request = wire.IdentityRequest(
        secrets.token_hex(32), time.time(), secret=msgspec.json.encode(inside).decode()
    )
    data = {"order_no": number, "about": inside["about"]}
    journal.append("complaint", data, visit.id, wire.seal_identity(key, PURPOSE, request))
    complaint.order_no, complaint.due = number, _due().isoformat()
    complaint.about = inside["about"]
    return True


def _due() -> date:
    return workdays.after(today(), complaints().answer_days)

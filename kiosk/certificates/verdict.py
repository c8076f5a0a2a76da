"""What a check of a certificate found, and how to tell a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model import Language, Text
from kiosk.model.characters import shown


class Reason(StrEnum):
    """The closed set of findings; only `OK` is valid."""

    OK = "ok"
    NOT_A_CERTIFICATE = "not_a_certificate"  # something else, or made by somebody else's system
    CHANGED = "changed"  # altered, incomplete, or added to after it was sealed
    UNKNOWN_ISSUER = "unknown_issuer"  # sealed by nobody whom the trust folder names
    KEY_REVOKED = "key_revoked"  # its key was withdrawn, or not in use on the day it says
    REVOKED = "revoked"  # this certificate was taken back
    NOT_YET_VALID = "not_yet_valid"  # issued in the future: perhaps this clock is wrong
    EXPIRED = "expired"
    UNREADABLE = "unreadable"  # no such file, no code in the picture, or a broken file
    NO_TRUST = "no_trust"  # the trust folder itself cannot be read: nothing is known


@dataclass(frozen=True, slots=True)
class Verdict:
    """`claims`: authority, number, task, holder, id, sum, issued, valid_until (epoch seconds).

    Both are empty unless the signature holds. `summary`: (label zh, label en, value). `stale`:
    what was revoked lately is not known, for the list's next update is overdue.
    """

    reason: Reason
    claims: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    summary: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    stale: bool = False

    @property
    def valid(self) -> bool:
        return self.reason is Reason.OK


_FINDINGS = {
    Reason.OK: Text(
        "有效：签章真实，内容未被改动。", "Valid: the seal is genuine and nothing was changed."
    ),
    Reason.NOT_A_CERTIFICATE: Text("无效：这不是本系统的证明。", "Not valid: not a certificate."),
    Reason.CHANGED: Text(
        "无效：内容不完整，或签章后被改动过。",
        "Not valid: incomplete, or changed after it was sealed.",
    ),
    Reason.UNKNOWN_ISSUER: Text(
        "无效：签章机关不在信任名单内。", "Not valid: sealed by an unknown issuer."
    ),
    Reason.KEY_REVOKED: Text(
        "无效：签章密钥已停用或已作废。",
        "Not valid: sealed with a key that is no longer, or was not yet, in use.",
    ),
    Reason.REVOKED: Text(
        "无效：这份证明已被撤销。", "Not valid: this certificate has been revoked."
    ),
    Reason.NOT_YET_VALID: Text(
        "无效：尚未生效。请检查本机的日期。", "Not valid yet. Check the date of this machine."
    ),
    Reason.EXPIRED: Text("无效：已过有效期。", "Not valid: expired."),
    Reason.UNREADABLE: Text(
        "无法读取：文件损坏，或图中没有二维码。",
        "Cannot be read: a damaged file, or a picture without a code.",
    ),
    Reason.NO_TRUST: Text(
        "无法核验：信任文件夹缺失或损坏。",
        "Cannot be checked: the trust folder is missing or damaged.",
    ),
}
_COMPARE = Text(
    "请将以上内容与纸面逐项比对，不一致的为伪造。",
    "Compare these lines with the paper: where they differ, the paper is forged.",
)

_STALE = Text(
    "注意：撤销名单已过期，近期撤销的证明可能未列入，请更新名单。",
    "Note: the list of revoked certificates is out of date. Please update it.",
)


def report(verdict: Verdict, language: Language) -> str:
    """The finding, what the certificate says, and what to do with it; some lines of text."""
    lines = [shown(_FINDINGS[verdict.reason], language)]
    for zh, en, value in verdict.summary:
        label = shown(Text(f"{zh}：", f"{en}: "), language)
        lines.append(f"  {label}{value}")
    if verdict.stale:
        lines.append(shown(_STALE, language))
    if verdict.summary:
        lines.append(shown(_COMPARE, language))
    return "\n".join(lines)

"""Who brings a code to a phone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from fleet.certificates import files

ZH = "【{sign}】验证码{code}，{minutes}分钟内有效，只用于自助终端。请勿告诉他人，工作人员不会索要。"
EN = (
    "[{sign}] Your code is {code}, valid for {minutes} minutes, for the self-service terminal only."
    " Tell nobody; staff never ask for it."
)

log = structlog.get_logger("fleet.identity")


class CodeSender(Protocol):
    def send(self, phone: str, code: str, seconds: int) -> bool:
        """Was it taken for delivery? Blocks, for some seconds at most; never raises."""


class NoSender:
    """No code can be sent from here."""

    def send(self, phone: str, code: str, seconds: int) -> bool:
        return False


class SimulatedSender:
    """Writes what a citizen's phone would show into a file. It stands for the phone, outside of
    the system: the only place where a code can be read. `sign`: who sends, Chinese and English."""

    def __init__(self, file: Path, sign: tuple[str, str]) -> None:
        self._file = file
        self._sign = sign

    def send(self, phone: str, code: str, seconds: int) -> bool:
        shown = {
            "number": mask_phone(phone),
            "text": text(self._sign, code, seconds),
            "code": code,
            "time": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            files.write(self._file, json.dumps(shown, ensure_ascii=False).encode())
        except OSError as error:
            log.error("code_not_sent", error=type(error).__name__)
            return False
        return True


def text(sign: tuple[str, str], code: str, seconds: int) -> str:
    """The message in both languages: who reads it is not known here."""
    both = zip((ZH, EN), sign, strict=True)
    return "\n".join(one.format(sign=by, code=code, minutes=seconds // 60) for one, by in both)


def mask_phone(phone: str) -> str:
    """138****8000."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"

"""Codes and PINs: sealed questions, proven answers."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from kiosk import wire
from kiosk.gateway.line import decoded
from kiosk.gateway.proven import ProvenLine
from kiosk.model import CodeSent, SecretAnswer, SecretFault


class _Sent(msgspec.Struct, frozen=True):
    challenge: str
    phone: str
    seconds: int
    again: int


class _Told(msgspec.Struct, frozen=True):
    fault: SecretFault | None
    tries_left: int | None = None
    wait: int = 0


class HttpCredentials:
    """Implements `kiosk.ports.Credentials`."""

    def __init__(self, line: ProvenLine) -> None:
        self._line = line

    async def send_code(self, number: str, seconds: float) -> CodeSent | SecretAnswer:
        body = await self._say("/codes", wire.SEND_CODE, "", seconds, number)
        sent = decoded(body, _Sent)
        if sent is not None:
            return CodeSent(sent.challenge, sent.phone, sent.seconds, sent.again)
        answer = _answer(body)
        return answer if answer.fault else SecretAnswer(SecretFault.UNREACHABLE)

    async def check_code(self, challenge: str, code: str, seconds: float) -> SecretAnswer:
        path, purpose = f"/codes/{quote(challenge, safe='')}", wire.check_code(challenge)
        return _answer(await self._say(path, purpose, code, seconds))

    async def check_pin(self, number: str, pin: str, seconds: float) -> SecretAnswer:
        return _answer(await self._say("/pins", wire.CHECK_PIN, pin, seconds, number))

    async def close(self) -> None:
        await self._line.end()

    async def _say(
        self, leaf: str, purpose: str, secret: str, seconds: float, number: str = ""
    ) -> bytes:
        return await self._line.say(wire.IDENTITY + leaf, purpose, secret, seconds, number)


def _answer(body: bytes) -> SecretAnswer:
    told = decoded(body, _Told)
    if told is None:
        return SecretAnswer(SecretFault.UNREACHABLE)
    return SecretAnswer(told.fault, told.tries_left, told.wait)

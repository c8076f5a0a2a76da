"""Who is let in to ask about people: no stranger, nothing recorded or altered, not too often."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.identity.door import BURST, FRESH_SECONDS, REFILL_SECONDS
from identitywork import (
    NOBODY,
    PATIENT,
    PIN,
    ZHANG,
    Window,
    other,
    post,
    refused,
    request,
    sealed,
)
from kiosk import wire
from kiosk.gateway import HttpCredentials
from kiosk.gateway.proven import ProvenLine
from kiosk.model import SecretAnswer, SecretFault


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path)


@pytest.fixture
def http(window: Window) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {window.token.read_text()}"}
    with window.open() as url, httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
        yield http


def test_an_answer_proves_that_the_request_was_opened(window: Window, http: httpx.Client) -> None:
    said = request(window)
    answer = post(http, "pins", sealed(window, said))
    assert (answer.status_code, answer.json()) == (
        200,
        {"fault": None, "tries_left": None, "wait": 0},
    )
    assert answer.headers[wire.ANSWER_MAC] == wire.mac(said.nonce, answer.content)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d3Jvbmc="}]
)
@pytest.mark.parametrize("path", ["codes", "codes/any", "pins"])
def test_strangers_are_not_answered(
    window: Window, http: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    del http.headers["Authorization"]
    answer = http.post(f"{wire.IDENTITY}/{path}", json={"sealed": sealed(window)}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert window.persons.tried == []


def test_a_recorded_request_is_refused_and_costs_nothing(
    window: Window, http: httpx.Client
) -> None:
    wrong = sealed(window, request(window, secret="000000"))
    assert post(http, "pins", wrong).json()["tries_left"] == 2
    for _ in range(BURST + 5):
        assert post(http, "pins", wrong).status_code == 409
    window.now += 2 * FRESH_SECONDS  # nonces of that time are gone
    assert post(http, "pins", wrong).status_code == 409
    assert post(http, "pins", sealed(window, request(window, secret="000000"))).json() == {
        "fault": "wrong", "tries_left": 1, "wait": 0,
    }  # fmt: skip


def test_a_recorded_check_of_a_code_is_no_second_check(window: Window, http: httpx.Client) -> None:
    sent = post(http, "codes", sealed(window, request(window, secret=""), wire.SEND_CODE)).json()
    purpose = wire.check_code(sent["challenge"])
    wrong = sealed(window, request(window, "", other(window.code)), purpose)
    path = f"codes/{sent['challenge']}"
    assert post(http, path, wrong).json()["tries_left"] == 2
    assert [post(http, path, wrong).status_code for _ in range(3)] == [409] * 3
    right = sealed(window, request(window, "", window.code), purpose)
    assert post(http, path, right).status_code == 200
    assert post(http, path, right).status_code == 409


@pytest.mark.parametrize("off", [FRESH_SECONDS + 1, -FRESH_SECONDS - 1, -1e9, 1e300])
def test_a_request_of_another_time_is_refused(
    window: Window, http: httpx.Client, off: float
) -> None:
    stale = sealed(window, request(window, time=window.now + off))
    answer = post(http, "pins", stale)
    assert (answer.status_code, answer.json()) == (409, {"detail": "stale"})
    assert window.persons.tried == []


@pytest.mark.parametrize("off", [FRESH_SECONDS, -FRESH_SECONDS])
def test_a_clock_may_be_off_a_little_and_nothing_recorded_gets_in(
    window: Window, http: httpx.Client, off: float
) -> None:
    early = sealed(window, request(window, time=window.now + off))
    assert post(http, "pins", early).status_code == 200
    for _ in range(5):
        assert post(http, "pins", early).status_code == 409
        window.now += FRESH_SECONDS / 2


def test_an_altered_seal_is_refused(window: Window, http: httpx.Client) -> None:
    good = base64.b64decode(sealed(window))
    for at in (0, 20, 31, 32, 60, len(good) - 1):
        bad = bytearray(good)
        bad[at] ^= 1
        answer = post(http, "pins", base64.b64encode(bad).decode())
        assert (answer.status_code, answer.json()) == (400, {"detail": "seal"})
    assert window.persons.tried == []


def test_what_was_sealed_for_another_purpose_is_refused(window: Window, http: httpx.Client) -> None:
    sent = post(http, "codes", sealed(window, purpose=wire.SEND_CODE)).json()
    mine = f"codes/{sent['challenge']}"
    for path, purpose in (
        ("pins", wire.SEND_CODE),
        ("codes", wire.CHECK_PIN),
        (mine, wire.CHECK_PIN),
        (mine, wire.check_code("another")),
    ):
        assert post(http, path, sealed(window, purpose=purpose)).status_code == 400


def test_what_is_no_sealed_request_is_refused(window: Window, http: httpx.Client) -> None:
    stranger = X25519PrivateKey.generate().public_key().public_bytes_raw()
    case = wire.CasePayload(
        "C1", "KT-0001", "T", "1", "", wire.CaseApplicant("张小满", ZHANG), {}, "card"
    )
    for body in (
        "",
        "AAAA",
        "not base64!",
        wire.seal_identity(stranger, wire.CHECK_PIN, request(window)),
        wire.seal(window.public_key(), case),
        sealed(window, request(window, nonce="short")),
    ):
        assert post(http, "pins", body).status_code == 400
    assert http.post(f"{wire.IDENTITY}/pins", json={"number": ZHANG}).status_code == 422
    assert post(http, "pins", "A" * 5000).status_code == 422
    assert post(http, "codes/..%2Fpins", sealed(window)).status_code in (404, 422)


def test_numbers_cannot_be_tried_out_in_bulk(window: Window, http: httpx.Client) -> None:
    def ask() -> httpx.Response:
        return post(http, "pins", sealed(window, request(window, NOBODY)))

    assert [ask().status_code for _ in range(BURST)] == [404] * BURST
    stopped = ask()
    assert (stopped.status_code, stopped.json()["fault"]) == (429, "too_soon")
    assert stopped.headers["retry-after"] == str(round(REFILL_SECONDS))
    window.now += REFILL_SECONDS
    assert [ask().status_code for _ in range(2)] == [404, 429]
    window.now += 3600
    assert [ask().status_code for _ in range(BURST + 1)] == [404] * BURST + [429]


async def test_each_terminal_has_its_own_share(window: Window) -> None:
    too_soon = SecretAnswer(SecretFault.TOO_SOON, wait=15)
    with window.open() as url:
        busy, calm = window.terminal(url), window.terminal(url, window.other_token)
        told = [await busy.check_pin(NOBODY, PIN, PATIENT) for _ in range(BURST + 1)]
        assert told[-1] == too_soon
        assert await calm.check_pin(ZHANG, PIN, PATIENT) == SecretAnswer()
        await busy.close()
        await calm.close()
    with window.open() as url:  # a restart gives nobody a new share
        busy = window.terminal(url)
        assert await busy.check_pin(ZHANG, PIN, PATIENT) == too_soon
        await busy.close()


async def test_a_terminal_with_a_wrong_token_or_key_or_clock_cannot_reach_anybody(
    window: Window,
) -> None:
    strange = window.folder / "strange.token"
    strange.touch(0o600)
    strange.write_text("strange")
    key = X25519PrivateKey.generate().public_key().public_bytes_raw()
    with window.open() as url:
        for terminal in (
            window.terminal(url, strange),
            HttpCredentials(ProvenLine(url, window.token, lambda: key, window.clock)),
            HttpCredentials(
                ProvenLine(url, window.token, window.public_key, lambda: window.now + 9999)
            ),
        ):
            assert await refused(terminal, ZHANG) is SecretFault.UNREACHABLE
            told = await terminal.check_pin(ZHANG, PIN, PATIENT)
            assert told == SecretAnswer(SecretFault.UNREACHABLE)
            await terminal.close()
    assert window.persons.tried == []

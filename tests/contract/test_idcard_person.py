"""Any invented person's card on the simulated reader; and the samples' ages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camerawork import people_in
from drivers.idcard.samples import SAMPLES
from drivers.idcard.simulator import SdtSimulator
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault, CardType, IdCard
from portraitwork import Station, opened, until

TODAY = date(2026, 11, 21)
SOMEBODY = {
    "name": "周例", "number": "445299196802293017", "sex": "男", "birth": "1968-02-29",
    "address": "示例省示例市示例县东湖路7号", "valid_from": "2020-02-29", "valid_to": None,
    "issuer": "示例县公安局", "ethnic": "土家",
}  # fmt: skip
THEIR_CARD = IdCard(
    CardType.CITIZEN, "周例", "445299196802293017", "男", date(1968, 2, 29), date(2020, 2, 29),
    None, "土家", "示例省示例市示例县东湖路7号", "示例县公安局",
)  # fmt: skip


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    simulator = SdtSimulator(tmp_path)
    simulator.start()
    made = Station(tmp_path)
    yield made
    await made.reader.close()
    simulator.stop()


async def test_anybody_can_be_put_on_the_reader_instead_of_a_sample(station: Station) -> None:
    station.put(card="zhang", person=SOMEBODY)
    assert await station.read() == THEIR_CARD
    station.put(card="zhang", person=None)
    assert await station.read() == SAMPLES["zhang"]


async def test_anybody_can_have_a_portrait(station: Station, tmp_path: Path) -> None:
    station.put(person=SOMEBODY, portrait=people_in(tmp_path)["man"])
    card = await station.read()
    assert isinstance(card, IdCard)
    assert replace(card, photo=b"") == THEIR_CARD
    assert opened(card.photo).size == (102, 126)


async def test_a_number_that_is_wrong_is_the_drivers_to_find(station: Station) -> None:
    station.put(person={**SOMEBODY, "number": "445299196802293011"})
    assert await station.read() is CardFault.BAD_NUMBER


BAD: dict[str, Any] = {
    "no object": "周例",
    "empty": {},
    "a field too few": {key: SOMEBODY[key] for key in SOMEBODY if key != "birth"},
    "a field too many": {**SOMEBODY, "phone": "13800000000"},
    "no name": {**SOMEBODY, "name": ""},
    "a name too long": {**SOMEBODY, "name": "周" * 16},
    "a number too long": {**SOMEBODY, "number": "4" * 19},
    "no number": {**SOMEBODY, "number": 445299196802293017},
    "no day": {**SOMEBODY, "birth": "1968-02-30"},
    "no sex": {**SOMEBODY, "sex": "M"},
    "no people": {**SOMEBODY, "ethnic": "汉族"},
    "half a character": {**SOMEBODY, "address": "\ud800"},
}


@pytest.mark.parametrize("why", BAD)
async def test_a_person_that_no_card_can_hold_is_told_and_changes_nothing(
    station: Station, tmp_path: Path, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    station.put(person=SOMEBODY)
    assert await station.read() == THEIR_CARD
    (tmp_path / "idcard.json").write_text(json.dumps({"person": BAD[why]}))
    await until(lambda: "idcard.json is wrong" in caplog.text)
    assert "$.person" in caplog.text
    assert "周" not in caplog.text
    assert (await station.reader.status()).usable
    station.put(card="li")
    assert await station.read() == SAMPLES["li"]


@pytest.mark.parametrize(
    ("who", "sex", "from_age", "to_age"),
    [("child", "女", 10, 10), ("helper", "男", 40, 60), ("spouse", "男", 35, 39),
     ("operator", "女", 25, 45), ("zhang", "女", 36, 36)],
)  # fmt: skip
def test_samples_are_as_old_as_their_part_needs(
    who: str, sex: str, from_age: int, to_age: int
) -> None:
    card = SAMPLES[who]
    age = TODAY.year - card.birth.year - ((TODAY.month, TODAY.day) < card.birth.timetuple()[1:3])
    assert from_age <= age <= to_age
    assert card.sex == sex
    assert (int(card.number[16]) % 2 == 1) is (sex == "男")
    assert card.number[6:14] == f"{card.birth:%Y%m%d}"
    assert check_card(card, TODAY) is None

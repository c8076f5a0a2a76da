"""What `python -m fleet` can do is said by `--help`, of the whole and of each command."""

from __future__ import annotations

import re
import sys

import pytest

from fleet.__main__ import main
from fleet.programs import COMMANDS


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", ["fleet", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_is_named_with_what_it_is_for(told: str, word: str) -> None:
    assert re.search(rf"^  {word} +[a-z].{{10,80}}$", told, re.MULTILINE)


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_explains_itself(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        COMMANDS[word].run(["--help"])
    assert ended.value.code == 0
    assert f"usage: fleet {word} " in capsys.readouterr().out

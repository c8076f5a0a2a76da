"""`kiosk verify`: a file, a picture or a text; 0 valid, 1 not; the list is taken from a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from certificatework import APPLICANT, facts, issuer, item
from fleet.certificates import trustlist
from kiosk.__main__ import app
from kiosk.certificates.trust import ListRefusedError
from paperwork import NOW

RUN = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("verify")
    pdf = issuer(home).certify(item("voucher"), APPLICANT, facts("voucher"), "CB-1", NOW)
    (home / "paper.pdf").write_bytes(pdf)
    draw = ["pdftoppm", "-r", "150", "-png", "-singlefile", home / "paper.pdf", home / "paper"]
    subprocess.run(draw, check=True)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def verify(*words: object) -> tuple[int, str]:
    done = RUN.invoke(app, ["verify", *map(str, words)])
    return done.exit_code, done.output


@pytest.mark.parametrize("name", ["paper.pdf", "paper.png"])
def test_the_paper_and_its_picture_are_valid(home: Path, name: str) -> None:
    code, said = verify(home / name, "--trust", home / "trust")
    assert code == 0
    assert "有效：" in said
    assert "CB-1" in said
    assert "长期" in said  # a voucher has no end


def test_a_list_brings_the_revocation(home: Path, tmp_path: Path) -> None:
    terminal = shutil.copytree(home / "trust", tmp_path / "terminal")
    trustlist.revoke(home / "fleet", home / "trust", NOW, ["CB-1"])
    new = home / "trust" / trustlist.LIST
    where = ("--trust", terminal, "--language", "en")
    assert verify(home / "paper.pdf", *where)[0] == 0
    code, said = verify(home / "paper.pdf", *where, "--update", new)
    assert code == 1
    assert "list no. 2" in said
    assert "has been revoked" in said
    assert verify("--update", new, *where) == (0, "list no. 2\n")


def test_what_is_no_list_is_refused_and_nothing_given_is_said(home: Path) -> None:
    trust = home / "trust"
    before = (trust / trustlist.LIST).read_bytes()
    done = RUN.invoke(app, ["verify", "--trust", str(trust), "--update", str(home / "paper.pdf")])
    assert isinstance(done.exception, ListRefusedError)
    assert (trust / trustlist.LIST).read_bytes() == before
    assert verify("--trust", trust)[0] == 2
    assert verify("KC1:NOTHING", "--trust", trust)[0] == 1


def test_the_finding_is_said_in_every_language_that_there_is(home: Path) -> None:
    for language, said in (("zh_CN", "有效："), ("zh_TW", "簽章真實"), ("en", "Valid:")):
        code, words = verify(home / "paper.pdf", "--trust", home / "trust", "--language", language)
        assert code == 0
        assert said in words
    code, words = verify("nonsense", "--language", "xx")
    assert code == 2
    assert "zh_TW" in words

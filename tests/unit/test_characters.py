"""Item texts in traditional characters, and what is typed in them; persons' own words stay."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import searchwork
from kiosk.model import Language, Text
from kiosk.model.characters import shown, simplified
from kiosk.services import lint
from kiosk.services.lint_rules import every_words

ROOT = Path(__file__).parents[2]
TAIWAN = Language("zh_TW")
TABLES = tomllib.loads((ROOT / "kiosk/model/characters.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("开具发票，剪短头发", "開具發票，剪短頭髮"),
        ("本人居民身份证，以身份证为准", "本人居民身份證，以身份證為準"),
        ("签注完成并发短信通知，换发新证", "簽註完成並發短信通知，換發新證"),
        ("行政复议、复印件、卡里的余额", "行政復議、複印件、卡裡的餘額"),
    ],
)
def test_phrases_get_their_own_characters(written: str, read: str) -> None:
    assert shown(Text(written, "as it may be"), TAIWAN) == read
    assert shown(Text(written, "as it may be"), Language.ZH) == written
    assert shown(Text(written, "as it may be"), Language.EN) == "as it may be"


@pytest.mark.parametrize("text", [Text("于发云", "于发云"), Text("于发云", "Yu Fayun", own=True)])
def test_a_name_stays_as_it_is_on_the_card(text: Text) -> None:
    assert shown(text, TAIWAN) == "于发云"


def test_nothing_of_an_item_stays_simplified() -> None:
    """Big5 has traditional characters alone."""
    files, _ = lint.folder(ROOT / "config/catalogue")
    texts = [words for file in files for _, words in every_words(file.item)]
    said = "".join(shown(Text(words.zh, words.en), TAIWAN) for words in texts)
    assert len(said) > 10_000
    hanzi = {one for one in said if "\u4e00" <= one <= "\u9fff"}
    assert "".join(sorted(hanzi)).encode("big5")


@pytest.mark.parametrize("language", TABLES)
def test_a_word_of_our_own_is_needed(language: str) -> None:
    """Where OpenCC has learnt one, it can go; each has as many characters as before."""
    from opencc import OpenCC

    table = OpenCC(TABLES[language]["table"])
    around = ("", "不收", "费和", "资", "后，", "上", "内", "完成", "一次性告知，")
    for word, meant in TABLES[language]["words"].items():
        assert len(word) == len(meant)
        assert any(meant not in table.convert(f"{before}{word}卡短信") for before in around), word


def test_what_is_typed_in_traditional_characters_is_found() -> None:
    found = searchwork.index(searchwork.items())
    for typed, meant in (
        ("醫療保險", "医疗保险"),
        ("身份證", "身份证"),
        ("駕駛證換發", "驾驶证换发"),
    ):
        assert simplified(typed) == meant
        assert found(typed) == found(meant)
        assert found(typed)


@pytest.mark.parametrize("text", ["", "abc", "\ud800\x00医保", "医\x00醫", "\U0001f000𠮷"])
def test_anything_can_be_typed(text: str) -> None:
    assert simplified(text).replace("医", "醫") == text.replace("医", "醫")


def test_the_tables_are_loaded_only_when_needed() -> None:
    code = """
import sys
from kiosk.model import Language, Text
from kiosk.model.characters import shown, simplified
simplified("医保 yibao"), shown(Text("医保", "Insurance"), Language.ZH)
shown(Text("医保", "Insurance"), Language.EN)
assert "opencc" not in sys.modules
shown(Text("医保", "Insurance"), Language("zh_TW"))
assert "opencc" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)


TW = ROOT / "config/locales/zh_TW.po"
ELSEWHERE = {  # said on the mainland, and what readers of traditional characters say
    "視頻": "影片", "質量": "品質", "信號": "訊號", "默認": "預設", "用戶": "使用者",
    "軟件": "軟體", "硬件": "硬體", "程序": "程式", "服務器": "伺服器", "網絡": "網路",
    "屏幕": "螢幕", "打印": "列印", "短信": "簡訊", "字符": "字元", "信息": "資訊",
    "數據": "資料", "登錄": "登入", "發送": "傳送", "保存": "儲存", "設置": "設定",
    "支持": "支援", "賬": "帳", "攝像": "攝影、鏡頭", "二維碼": "QR碼", "聯繫": "聯絡",
    "紙質": "紙本", "搜索": "搜尋", "添加": "新增", "字號": "字體大小",
    "身分證": "身份證：印在居民身份證上的寫法",
}  # fmt: skip


def test_the_words_of_the_screens_have_no_simplified_characters() -> None:
    """Not those either that are also a traditional character, as 后 and 里."""
    from opencc import OpenCC

    table = OpenCC("s2tw")
    texts = [text.replace("干擾", "") for text in traditional().values()]
    assert len(texts) > 500
    assert [text for text in texts if table.convert(text) != text] == []


def test_the_words_of_the_screens_are_those_of_its_readers() -> None:
    wrong = {
        key: [f"{word}: {better}" for word, better in ELSEWHERE.items() if word in text]
        for key, text in traditional().items()
    }
    assert {key: words for key, words in wrong.items() if words} == {}


def traditional() -> dict[str, str]:
    with TW.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}

"""What is given to which voice: words with more than one reading, numbers, codes, two languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.speech import numerals
from drivers.speech.pronounce import CHINESE, ENGLISH, LONGEST_BREATH, Part, breaths, pronounce
from kiosk.model import Language

ZH, EN = Language.ZH, Language.EN
ID = "11010519491231002X"


def chinese(text: str) -> str:
    """Read by the Chinese voice alone."""
    parts = pronounce(text, ZH)
    assert [part.voice for part in parts] == [CHINESE]
    return parts[0].text


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("银行", "yin2 hang2"),
        ("重庆", "chong2 qing4"),
        ("长期", "chang2 qi1"),
        ("还是", "hai2 shi4"),
        ("办理", "ban4 li3"),
        ("还款", "huan2 kuan3"),
        ("县长", "xian4 zhang3"),
        ("便民", "bian4 min2"),
        ("便宜", "pian2 yi"),
        ("行政审批", "xing2 zheng4 shen3 pi1"),
        ("重新", "chong2 xin1"),
        ("重要", "zhong4 yao4"),
        ("重名", "chong2 ming2"),
        ("乐清市", "yue4 qing1 shi4"),
        ("女儿", "nv3 er2"),
        ("不是", "bu2 shi4"),
        ("一定", "yi2 ding4"),
        ("曾先生", "zeng1 xian1 sheng1"),
        ("单女士", "shan4 nv3 shi4"),
        ("示例县", "shi4 li4 xian4"),
    ],
)
def test_words_with_several_readings_get_the_right_one(word: str, said: str) -> None:
    assert chinese(word) == said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("0", "零"),
        ("10", "十"),
        ("12", "十二"),
        ("20", "二十"),
        ("105", "一百零五"),
        ("110", "一百一十"),
        ("1010", "一千零一十"),
        ("2000", "两千"),
        ("2022", "两千零二十二"),
        ("10500", "一万零五百"),
        ("20002", "两万零二"),
        ("110000", "十一万"),
        ("120000", "十二万"),
        ("1,000,000", "一百万"),
        ("2,002,000", "二百万两千"),
        ("1,020,000", "一百零二万"),
        ("100,000,001", "一亿零一"),
        ("1,234.50", "一千二百三十四点五零"),
        ("0.05", "零点零五"),
    ],
)
def test_numbers_are_said_as_people_say_them(said: str, words: str) -> None:
    assert numerals.number(said) == words


def test_a_number_beyond_all_words_is_spelled() -> None:
    assert numerals.number("9" * 17).replace(", ", "") == "九" * 17


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026年11月21日", "二零二六年十一月二十一日"),
        ("2026-11-21", "二零二六年十一月二十一日"),
        ("2026/1/2前", "二零二六年一月二日前"),
        ("9:05", "九点零五分"),
        ("9:00-17:30", "九点整到十七点三十分"),
        ("时间:9:00", "时间:九点整"),
        ("2:15", "两点十五分"),
        ("12:30:45", "十二点三十分"),
        ("3-5个工作日", "三到五个工作日"),
        ("¥20", "二十元"),
        ("¥1,234.50元", "一千二百三十四点五元"),
        ("费用5元", "费用五元"),
        ("最多20,000元", "最多两万元"),
        ("1,000,000元", "一百万元"),
        ("每年1,050元", "每年一千零五十元"),
        ("2页", "两页"),
        ("第2项", "第二项"),
        ("12页", "十二页"),
        ("2号窗口", "二号窗口"),
        ("50%", "百分之五十"),
        ("37.5°C", "三十七点五摄氏度"),
        ("3kg", "三公斤"),
        ("拨打12345热线", "拨打, 幺二三四五热线"),
        ("电话13800138000", "电话幺三八, 零零幺三, 八零零零"),
        ("尾号1234", "尾号, 幺二三四"),
        ("008", "零零八"),
    ],
)
def test_figures_in_chinese_text_become_words(text: str, words: str) -> None:
    assert numerals.chinese(text) == words


def test_an_id_number_is_spelled_in_both_languages() -> None:
    assert numerals.spelled(ID) == "幺幺零幺零五, 幺九四九, 幺二三幺, 零零二, X"
    assert pronounce(ID, ZH)[-1] == Part(ENGLISH, "X")
    assert pronounce(ID, EN) == (Part(ENGLISH, "1 1 0 1 0 5, 1 9 4 9, 1 2 3 1, 0 0 2, X"),)


def test_hidden_digits_are_counted_and_not_read_as_stars() -> None:
    masked = "110105********002X"
    assert "隐藏八位" in numerals.chinese(masked)
    assert "8 hidden" in pronounce(masked, EN)[0].text
    assert "*" not in "".join(part.text for part in pronounce(masked, ZH))


def test_letters_in_chinese_text_go_to_the_english_voice() -> None:
    assert pronounce("请插入USB设备。", ZH) == (
        Part(CHINESE, "qing3 cha1 ru4"),
        Part(ENGLISH, "USB"),
        Part(CHINESE, "she4 bei4 ."),
    )
    assert [part.voice for part in pronounce("A012号", ZH)] == [ENGLISH, CHINESE]


def test_hanzi_in_english_text_go_to_the_chinese_voice() -> None:
    assert pronounce("Mr 张伟, please wait until 9:30.", EN) == (
        Part(ENGLISH, "Mr"),
        Part(CHINESE, "zhang1 wei3 ,"),
        Part(ENGLISH, "please wait until 9:30."),
    )


def test_english_dates_and_amounts_are_told_in_words() -> None:
    assert pronounce("¥20 until 2026-11-21", EN)[0].text == "20 yuan until 21 November 2026"


@pytest.mark.parametrize("text", ["1,050 yuan", "20,000 yuan", "1,000, 1,500 or 2,000,000 yuan"])
def test_groups_of_three_in_english_text_are_one_number(text: str) -> None:
    assert pronounce(text, EN) == (Part(ENGLISH, text),)


def test_fen_that_are_none_are_not_said() -> None:
    assert pronounce("¥ 1,050.00", EN)[0].text == "1,050 yuan"
    assert numerals.chinese("¥ 1,050.00") == "一千零五十元"


def test_marks_between_chinese_words_are_pauses() -> None:
    assert chinese("您好，请稍候。") == "nin2 hao3 , qing3 shao1 hou4 ."
    assert chinese("（一）《办法》") == "yi1 ban4 fa3"


def test_a_character_that_nobody_can_read_is_told_as_such() -> None:
    assert chinese("𠮷") == "sheng1 pi4 zi4"
    assert chinese("䶮") == "yan3"


@pytest.mark.parametrize("text", ["", " ", "。。。", "——", "\x00\x1b", "😀"])
def test_what_has_no_words_gives_nothing(text: str) -> None:
    assert pronounce(text, ZH) == ()


@pytest.mark.parametrize("language", [ZH, EN])
def test_orders_to_the_engine_are_taken_out(language: Language) -> None:
    said = " ".join(part.text for part in pronounce("a [[h@l'oU]] <b> {c}\x01|_ d", language))
    assert not set(said) & set("[]<>{}|_\x01")


def test_text_is_cut_at_full_stops_and_long_sentences_at_commas() -> None:
    assert list(breaths("一。二！三？This is 3.5 m. Yes; no\nend")) == [
        *("一。", "二！", "三？", "This is 3.5 m.", "Yes;", "no", "end")
    ]
    long = "，".join(["长" * 60] * 8)
    cut = list(breaths(long))
    assert "".join(cut) == long
    assert all(len(one) <= LONGEST_BREATH for one in cut)
    assert all(one.endswith("，") for one in cut[:-1])
    amounts = list(breaths("、".join(["1,234,567元"] * 40)))
    assert len(amounts) > 1
    assert all(one.endswith("、") for one in amounts[:-1])


def test_nothing_of_the_text_shows_in_a_repr() -> None:
    assert "zhang" not in repr(pronounce("张伟", ZH))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from([ZH, EN]))
def test_any_text_is_survived(text: str, language: Language) -> None:
    for sentence in breaths(text):
        assert 0 < len(sentence) <= LONGEST_BREATH
        for part in pronounce(sentence, language):
            assert part.voice in (CHINESE, ENGLISH)
            part.text.encode("utf-8")
            assert not set(part.text) & set("[]{}<>|\n\x00")
            assert part.voice == ENGLISH or part.text.isascii()


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789-:./,*X¥%年月日点元号 A", max_size=60))
def test_any_figures_are_survived(text: str) -> None:
    said = numerals.chinese(text)
    assert not any(one.isdecimal() for one in said)
    numerals.english(text)


@settings(max_examples=100, deadline=None)
@given(st.text("一二三a. ，。\n", max_size=700))
def test_cutting_loses_no_word(text: str) -> None:
    kept = "".join("".join(breaths(text)).split())
    assert kept == "".join(text.split())

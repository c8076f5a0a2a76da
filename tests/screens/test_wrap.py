from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.wrap import balanced, break_lines, pieces


def wide(text: str) -> float:
    """A Chinese character is two wide, a Latin one is one."""
    return sum(2.0 if ord(char) > 0x2E80 else 1.0 for char in text)


def test_no_line_begins_with_closing_punctuation() -> None:
    assert break_lines("请取走身份证。谢谢", 12, wide) == ["请取走身份", "证。谢谢"]


def test_no_line_ends_with_opening_punctuation() -> None:
    assert break_lines("请看《办事指南》", 6, wide)[0] == "请看"


def test_an_english_word_stays_whole() -> None:
    assert break_lines("Put your card down", 9, wide) == ["Put your", "card down"]


def test_a_word_longer_than_any_line_is_cut() -> None:
    assert "".join(break_lines("KT0001-20261121", 6, wide)) == "KT0001-20261121"


def test_a_balanced_title_leaves_no_scrap() -> None:
    lines = balanced("城乡居民养老保险缴费明细查询", 24, wide)
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 2


def test_balancing_never_splits_a_word() -> None:
    words = "A pension contribution statement"
    for width in range(12, 34):
        assert " ".join(balanced(words, width, wide)) == words


def test_a_balanced_title_breaks_at_its_comma() -> None:
    assert balanced("请看屏幕，脸放进圆框里", 18, wide) == ["请看屏幕，", "脸放进圆框里"]


def test_a_paragraph_does_not_end_in_one_character() -> None:
    assert break_lines("领取养老保险待遇的人员。", 20, wide) == ["领取养老保险待遇的", "人员。"]


@given(st.text(alphabet="abc 中文，。（）-1\n", max_size=80), st.integers(8, 60))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = break_lines(text, width, wide)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert wide(line) <= width or len(line) == 1


@given(st.text(alphabet="ab 中，。（", max_size=60))
def test_pieces_join_to_the_whole(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_number_stays_with_what_is_counted() -> None:
    assert pieces("一共 4 个办件") == ["一", "共 ", "4 个", "办", "件"]
    assert pieces("2026年12月1日 周二") == ["2026年12月1日 ", "周", "二"]
    assert pieces("共3笔，¥ 1,200.00") == ["共", "3笔，", "¥ 1,200.00"]
    assert break_lines("您有 11 個辦件，請選一個", 12, wide)[0] == "您有 11 個辦"


def test_a_day_is_in_one_line() -> None:
    for width in range(14, 30):
        assert any(
            "2026年12月1日" in line for line in break_lines("日期：2026年12月1日", width, wide)
        )

"""Vague words (兜底条款): phrases that leave a citizen guessing what else might be asked for.

等 is vague at the end of a list (身份证等材料), and harmless in 等级, 等待, 同等, 平等, 二等.
"""

from __future__ import annotations

import re

_THINGS = "(?:材料|资料|文件|证件|证明|手续|情形|情况|条件|费用|要求)"
_CHINESE = re.compile(
    r"等等"
    rf"|(?<![同平对相均优特甲乙丙一二三四五头初中高何])等(?=$|[。；;，,、）)\s]|(?:有关|相关)?{_THINGS})"
    rf"|其[他它](?:有关|相关|必要|规定|需要)?的?{_THINGS}"
    rf"|(?:有关|相关|必要)的?{_THINGS}"
    r"|视(?:实际)?情况|视情|酌情|根据(?:实际)?(?:情况|需要)|必要时|原则上|另行通知|(?:有关|相关)规定"
)
_ENGLISH = re.compile(
    r"\betc\b|\band so (?:on|forth)\b|\band the like\b|\bin principle\b"
    r"|\b(?:any )?other (?:relevant |necessary |required |supporting )?"
    r"(?:documents?|materials?|papers|proofs?|evidence|conditions|requirements|fees)\b"
    r"|\b(?:relevant|related) (?:documents?|materials?|papers|proofs?|conditions)\b"
    r"|\bas (?:appropriate|necessary|needed|the case may be)\b"
    r"|\b(?:if|where|when) (?:necessary|needed|appropriate)\b"
    r"|\bdepending on (?:the )?(?:circumstances|situation)\b",
    re.IGNORECASE,
)


def vague(chinese: str, english: str) -> str:
    """The first vague phrase in either text, or ''."""
    found = _CHINESE.search(chinese) or _ENGLISH.search(english)
    return found.group() if found else ""

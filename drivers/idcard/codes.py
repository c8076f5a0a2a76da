"""Code tables of the cards: peoples (GB 3304), sexes (GB/T 2261.1), statuses as faults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.idcard.frames import Status
from kiosk.model import CardFault

_PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 "
    "佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 "
    "锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 "
    "鄂伦春 赫哲 门巴 珞巴 基诺"
)

PEOPLES: Mapping[str, str] = MappingProxyType(
    {f"{number:02d}": name for number, name in enumerate(_PEOPLES.split(), start=1)}
    | {"97": "其他", "98": "外国血统中国籍人士"}
)
SEXES: Mapping[str, str] = MappingProxyType({"0": "未知", "1": "男", "2": "女", "9": "未说明"})

CARD_FAULTS: Mapping[int, CardFault] = MappingProxyType(
    {  # what a status means to the person whose card it is
        Status.CHECKSUM_ERROR: CardFault.CHECKSUM,  # of the request: the line is disturbed
        Status.LENGTH_ERROR: CardFault.CHECKSUM,
        Status.BAD_COMMAND: CardFault.NO_READER,
        Status.UNKNOWN_ERROR: CardFault.REFUSED,
        Status.CARD_REJECTS_READER: CardFault.REFUSED,
        Status.READER_REJECTS_CARD: CardFault.REFUSED,
        Status.NOT_VERIFIED: CardFault.REFUSED,
        Status.WRONG_CARD: CardFault.WRONG_CARD,
        Status.READ_FAILED: CardFault.LIFTED,
        Status.RANDOM_FAILED: CardFault.LIFTED,
        Status.SELF_TEST_FAILED: CardFault.NO_READER,
        Status.SAM_NOT_AUTHORISED: CardFault.NO_READER,
        Status.NOT_FOUND: CardFault.LIFTED,
        Status.SELECT_FAILED: CardFault.LIFTED,
        Status.NO_CONTENT: CardFault.WRONG_CARD,
    }
)


def card_fault(status: int) -> CardFault:
    """The fault that a failed reply stands for; an undocumented status is a refusal."""
    return CARD_FAULTS.get(status, CardFault.REFUSED)

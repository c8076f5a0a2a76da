"""Invented papers of an invented county, drawn for the simulator: certificate, letter, card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import qrcode
from PIL import Image, ImageDraw, ImageFont

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

NOTO = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
SERIF, SANS, BOLD = "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"
DOTS = 8.0  # a millimetre
A4, A5, CARD = (210.0, 297.0), (148.0, 210.0), (85.6, 53.98)  # width, height in millimetres
_CHINESE = 2  # the index of SC within Noto's collections
_INK, _RED, _PAPER = (34, 34, 40), (200, 34, 34), (250, 249, 246)

Sheet = tuple[Image.Image, ImageDraw.ImageDraw]

_BODY = (
    "　　兹证明张示例（居民身份证号 11010519491231002X）自二〇二四年三月起居住于示例县样本镇长青路"
    "十二号三栋二单元五〇一室，居住登记有效，符合《示例县居住证管理办法》第七条的规定。本证明用于"
    "办理子女入学、机动车登记和社会保险关系转移，自签发之日起六个月内有效，复印件加盖公章后与原件"
    "具有同等效力。"
)
_FIELDS = (
    ("姓名", "张示例"),
    ("性别", "男"),
    ("出生日期", "1949-12-31"),
    ("登记机关", "示例县公安局样本镇派出所"),
    ("办理事项", "居住登记证明（即时办结）"),
)
_LETTER = (
    "　　为进一步方便群众办事，经研究决定，自下月一日起，县政务服务大厅自助服务区开放时间调整为每日"
    "七时至二十二时，法定节假日不休。请各窗口单位做好人员值守、设备巡检和耗材补充工作，遇到终端故障"
    "应当在三十分钟内到场处理，并在台账中登记处理经过和恢复时间。群众反映的问题要当日答复，不得推诿。"
    "The self-service area is open from 07:00 to 22:00 every day, holidays included. "
)


@cache
def paper(name: str) -> Picture:
    """`certificate` and `letter` are A4, `form` A4 across, `slip` A5, `card` of ID-1 size."""
    return _PAPERS[name]()


def font(size_mm: float, file: str = SERIF) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(NOTO / file, round(size_mm * DOTS), index=_CHINESE)


def _sheet(size: tuple[float, float], colour: tuple[int, int, int] = _PAPER) -> Sheet:
    image = Image.new("RGB", (round(size[0] * DOTS), round(size[1] * DOTS)), colour)
    return image, ImageDraw.Draw(image)


def _done(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image, np.uint8)[..., ::-1])


def _text(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: ImageFont.FreeTypeFont,
    *,
    fill: tuple[int, int, int] = _INK,
    anchor: str = "la",
) -> None:
    draw.text((at[0] * DOTS, at[1] * DOTS), text, fill, face, anchor=anchor)


def _flow(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float, float, int],
    text: str,
    face: ImageFont.FreeTypeFont,
    step: float,
) -> None:
    """`place`: left, top and width in millimetres, and how many lines at most."""
    left, top, width, lines = place
    for row in range(lines):
        fits = next(
            (end for end in range(1, len(text)) if face.getlength(text[:end]) > width * DOTS),
            len(text) + 1,
        )
        _text(draw, (left, top + row * step), text[: fits - 1], face)
        text = text[fits - 1 :]


def _seal(image: Image.Image, x: float, y: float, radius: float) -> None:
    """Red and translucent, as stamped."""
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    red = (*_RED, 190)
    box = [(x - radius) * DOTS, (y - radius) * DOTS, (x + radius) * DOTS, (y + radius) * DOTS]
    draw.ellipse(box, outline=red, width=round(1.2 * DOTS))
    draw.text((x * DOTS, y * DOTS), "★", red, font(radius * 0.8, SANS), anchor="mm")
    draw.text((x * DOTS, (y + radius * 0.6) * DOTS), "示例县专用章", red, font(radius * 0.2, BOLD),
              anchor="mm")  # fmt: skip
    image.paste(layer, (0, 0), layer)


def _code(image: Image.Image, text: str, x: float, y: float, side: float) -> None:
    made = qrcode.make(text, border=0).get_image().convert("RGB")
    dots = round(side * DOTS)
    image.paste(made.resize((dots, dots)), (round(x * DOTS), round(y * DOTS)))


def _certificate() -> Picture:
    image, draw = _sheet(A4)
    _text(draw, (105, 28), "示例县居住登记证明", font(10, BOLD), anchor="ma")
    _text(draw, (105, 44), "Certificate of Residence, Sample County", font(4.2), anchor="ma")
    _text(draw, (185, 56), "编号：SX-2026-000042", font(4, SANS), anchor="ra")
    _flow(draw, (25, 70, 160, 4), _BODY, font(4), 9)
    for row, (label, value) in enumerate(_FIELDS):
        top = 116 + row * 12
        box = [25 * DOTS, top * DOTS, 185 * DOTS, (top + 12) * DOTS]
        draw.rectangle(box, outline=_INK, width=round(0.3 * DOTS))
        draw.line([60 * DOTS, top * DOTS, 60 * DOTS, (top + 12) * DOTS], _INK, round(0.3 * DOTS))
        _text(draw, (29, top + 3.5), label, font(4.4, SANS))
        _text(draw, (64, top + 3.5), value, font(4.4))
    _code(image, "KC1:SAMPLE-CERTIFICATE-000042", 25, 200, 32)
    _text(draw, (180, 222), "示例县行政审批局", font(5), anchor="ra")
    _text(draw, (180, 232), "二〇二六年十一月二十一日", font(4.4), anchor="ra")
    _seal(image, 152, 226, 19)
    return _done(image)


def _lines(size: tuple[float, float], lines: int, text_mm: float) -> Picture:
    image, draw = _sheet(size)
    title = font(text_mm * 1.8, BOLD)
    _text(draw, (size[0] / 2, 16), "示例县人民政府办公室文件", title, anchor="ma")
    _flow(draw, (20, 34, size[0] - 40, lines), _LETTER * 5, font(text_mm), text_mm * 1.7)
    return _done(image)


def _card() -> Picture:
    image, draw = _sheet(CARD, (226, 238, 240))
    draw.rectangle([0, 0, image.width, 11 * DOTS], (70, 110, 160))
    _text(draw, (5, 2.5), "示例县图书馆读者证", font(5, BOLD), fill=(255, 255, 255))
    for row, line in enumerate(("姓名　张示例", "证号　SX-LIB-000042", "有效期至　2030-12-31")):
        _text(draw, (5, 17 + row * 8), line, font(3.6, SANS))
    draw.rectangle([60 * DOTS, 16 * DOTS, 80 * DOTS, 42 * DOTS], (170, 182, 190))
    draw.ellipse([65 * DOTS, 19 * DOTS, 75 * DOTS, 31 * DOTS], (120, 110, 104))
    draw.ellipse([61 * DOTS, 32 * DOTS, 79 * DOTS, 52 * DOTS], (84, 92, 112))
    draw.rectangle([60 * DOTS, 42 * DOTS, 80 * DOTS, 54 * DOTS], (226, 238, 240))
    _text(draw, (5, 45), "Sample County Library · 请妥善保管，遗失请挂失", font(2.6, SANS))
    return _done(image)


_PAPERS: Mapping[str, Callable[[], Picture]] = MappingProxyType(
    {
        "certificate": _certificate,
        "letter": lambda: _lines(A4, 30, 4.2),
        "form": lambda: _lines((A4[1], A4[0]), 20, 4.2),
        "slip": lambda: _lines(A5, 22, 3.6),
        "card": _card,
    }
)

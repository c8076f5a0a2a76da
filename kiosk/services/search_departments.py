"""What people call a department for short: 医保局 is no part of 医疗保障局."""

from __future__ import annotations

from collections.abc import Iterator

_SHORT = {
    "人力资源和社会保障": ("人社", "社保"),
    "医疗保障": ("医保",),
    "住房和城乡建设": ("住建",),
    "住房公积金": ("公积金",),
    "市场监督管理": ("市监", "市场监管", "工商"),
    "卫生健康": ("卫健", "卫生"),
    "自然资源": ("国土",),
    "农业农村": ("农业",),
    "发展和改革": ("发改",),
    "文化广电旅游体育": ("文旅", "文体"),
    "文化广电和旅游": ("文旅",),
    "交通运输": ("交通",),
    "生态环境": ("环保",),
    "退役军人事务": ("退役军人",),
    "应急管理": ("应急", "安监"),
    "城市管理和综合执法": ("城管",),
    "残疾人联合会": ("残联",),
    "村民委员会": ("村委会",),
    "居民委员会": ("居委会",),
    "人民政府": ("政府",),
}


def short_names(department: str) -> Iterator[str]:
    """示例县医疗保障局 -> 医保局; nothing where no short name is known. Places are left out."""
    for name, shorts in _SHORT.items():
        _, found, after = department.partition(name)
        if found:
            yield from (f"{short}{after}" for short in shorts)

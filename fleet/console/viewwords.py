"""Words of the list's own views, and of what a terminal has and is to have."""

from __future__ import annotations

VIEW_PAGES: dict[str, tuple[str, str]] = {
    "view.sort": ("排序", "Order"),
    "view.columns": ("列", "Columns"),
    "view.mine": ("我的视图", "My views"),
    "view.name": ("视图名称", "Name of the view"),
    "view.save": ("保存当前视图", "Save this view"),
    "view.saved": ("已保存", "Saved"),
    "view.refused": (
        "没有保存：请填写名称（最多 30 个视图）",
        "Not saved: give it a name (30 at most)",
    ),
    "view.none": ("还没有保存的视图", "No saved views yet"),
    "view.remove": ("删除视图 {name}", "Delete the view {name}"),
    "sort.need": ("最需要处理的在前", "Those in need first"),
    "sort.id": ("按编号", "By id"),
    "sort.site": ("按地点", "By site"),
    "sort.heard": ("最久没有消息的在前", "Longest silent first"),
    "sort.outbox": ("待上报最多的在前", "Largest outbox first"),
    "sort.activity": ("最近办理的在前", "Latest activity first"),
    "col.versions": ("版本", "Versions"),
    "count.alarms": ("未结束的告警", "Open alarms"),
}

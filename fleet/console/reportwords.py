"""Words of the page of reports: key -> (Chinese, English)."""

from __future__ import annotations

REPORT_PAGE: dict[str, tuple[str, str]] = {
    "nav.reports": ("统计", "Reports"),
    "nav.charts": ("图表", "Charts"),
    "charts.label": (
        "图表：{title}，数字见下表",
        "Chart: {title}; the table below has the numbers",
    ),
    "charts.table": ("看数字", "The numbers"),
    "charts.most": (
        "只画最多的 {count} 项，其余见下表",
        "The {count} largest; all are in the table",
    ),
    "charts.worst": (
        "只画最低的 {count} 项，其余见下表",
        "The {count} lowest; all are in the table",
    ),
    "reports.grain": ("统计周期", "Period"),
    "reports.day": ("日", "Day"),
    "reports.month": ("月", "Month"),
    "reports.year": ("年", "Year"),
    "reports.before": ("上一期", "Earlier"),
    "reports.after": ("下一期", "Later"),
    "reports.from": ("从", "From"),
    "reports.to": ("到", "To"),
    "reports.show": ("查看", "Show"),
    "reports.download": ("下载", "Download"),
    "reports.off": ("这里没有统计", "There are no reports here"),
    "reports.wrong": ("日期不对，已显示本月", "No such period; this month is shown"),
    "reports.failed": ("暂时读不到数据，正在重试", "The figures cannot be read; trying again"),
    "reports.more": ("另有 {count} 行，请下载文件查看", "{count} rows more: see the files"),
    "reports.chart": ("收件数量", "Cases received"),
    "reports.bar": ("{part}：{count} 件", "{part}: {count}"),
}

"""Words of the record of acts, Chinese and English: its page, what was done, how it ended."""

from __future__ import annotations

AUDIT_PAGE: dict[str, tuple[str, str]] = {
    "audit": ("操作记录", "Record of acts"),
    "audit.at": ("时间", "Time"),
    "audit.who": ("谁", "Who"),
    "audit.from": ("来自", "From"),
    "audit.act": ("操作", "Act"),
    "audit.target": ("对象", "On what"),
    "audit.outcome": ("结果", "Outcome"),
    "audit.any": ("全部", "any"),
    "audit.filter": ("筛选", "Filter"),
    "audit.none": ("没有符合的记录", "Nothing matches"),
    "audit.older": ("更早的记录", "Older"),
    "audit.newest": ("最新的记录", "Newest"),
    "audit.check": ("检查记录是否完整", "Check the record"),
    "audit.export": ("导出 CSV", "Export CSV"),
    "audit.holds": ("完整：{rows} 条，没有改动。", "It holds: {rows} entries, none changed."),
    "audit.altered": (
        "第 {position} 条被改动过。",
        "Entry {position} is not as it was written.",
    ),
    "audit.missing": (
        "第 {position} 条起有记录被删除。",
        "Entries are missing from {position} on.",
    ),
    "audit.cut_off": (
        "第 {position} 条之后的最新记录被删除。",
        "The newest entries are missing, from {position} on.",
    ),
    "audit.anchor": ("记录的起点被改动过。", "The beginning of the record was changed."),
    "way.console": ("管理台", "console"),
    "way.token": ("接口", "API"),
    "way.command": ("命令行", "command line"),
    "way.open": ("演示", "demonstration"),
    "way.nobody": ("未登录", "not signed in"),
}

ACTS: dict[str, tuple[str, str]] = {
    "sign_in": ("登录", "Sign-in"),
    "sign_out": ("退出登录", "Sign-out"),
    "second_factor": ("第二步验证", "Second step"),
    "password": ("修改密码", "Password changed"),
    "factor": ("设置第二步验证", "Second factor set up"),
    "recovery": ("生成备用码", "Recovery codes made"),
    "sessions.end": ("结束登录", "Session ended"),
    "account.add": ("新增账号", "Account added"),
    "account.role": ("改变角色", "Role changed"),
    "account.disable": ("停用账号", "Account closed"),
    "account.enable": ("恢复账号", "Account opened again"),
    "account.unlock": ("解除等待", "Wait ended"),
    "account.reset": ("重设密码", "Password reset"),
    "account.factor": ("取消第二步验证", "Second factor removed"),
    "account.sessions": ("退出全部登录", "All sessions ended"),
    "token.add": ("新增令牌", "Token made"),
    "token.revoke": ("作废令牌", "Token revoked"),
    "audit.check": ("检查操作记录", "Record checked"),
    "audit.export": ("导出操作记录", "Record exported"),
    "sso": ("统一身份登录", "Single sign-on"),
    "http.get": ("查看", "Viewed"),
    "http.post": ("提交", "Sent"),
    "http.put": ("写入", "Put"),
    "http.patch": ("更改", "Changed"),
    "http.delete": ("删除", "Deleted"),
}

OUTCOMES: dict[str, tuple[str, str]] = {
    "done": ("完成", "done"),
    "refused": ("拒绝", "refused"),
    "locked": ("拒绝，需等待", "refused, must wait"),
    "altered": ("有改动", "altered"),
    "missing": ("有缺失", "entries missing"),
    "cut_off": ("被截断", "cut off"),
    "anchor": ("起点改动", "beginning changed"),
}

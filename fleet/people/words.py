"""Words of sign-in, accounts and tokens: Chinese and English."""

from __future__ import annotations

from fleet.console.words import TONGUES, Tongue
from fleet.people.auditwords import ACTS, AUDIT_PAGE, OUTCOMES

WORDS: dict[str, tuple[str, str]] = {
    # Sign-in
    "sign_in": ("登录", "Sign in"),
    "sign_in.name": ("用户名", "User name"),
    "sign_in.password": ("密码", "Password"),
    "sign_in.sso": ("使用统一身份登录", "Use single sign-on"),
    "sign_in.or": ("或", "or"),
    "sign_in.help": (
        "忘记密码，请找管理员重设。",
        "Forgotten your password? An administrator can give you a new one.",
    ),
    "sign_in.insecure": (
        "这里必须用 https 打开，否则无法登录。",
        "Open this page with https: signing in does not work without it.",
    ),
    "code": ("第二步验证", "Second step"),
    "code.ask": ("手机验证器上的 6 位验证码", "The 6-digit code from your authenticator app"),
    "code.help": (
        "手机不在身边，可以输入一个备用码，每个只能用一次。",
        "Phone not at hand? Type one of your recovery codes; each works once.",
    ),
    "continue": ("继续", "Continue"),
    "sign_out": ("退出登录", "Sign out"),
    "signed_out": ("已退出登录。", "You have signed out."),
    # Faults
    "fault.wrong": (
        "用户名、密码或验证码不对；错误次数多了，要等几分钟再试。",
        "Name, password or code is wrong. After several wrong tries, wait a few minutes.",
    ),
    "fault.address": (
        "这里试错的次数太多，请过 {minutes} 分钟再试。",
        "Too many wrong tries from here. Try again in {minutes} min.",
    ),
    "fault.too_short": ("密码至少要 12 个字符。", "A password needs at least 12 characters."),
    "fault.too_long": ("密码最多 128 个字符。", "A password has at most 128 characters."),
    "fault.common": (
        "这个密码太常见，容易被猜到，请换一个。",
        "This password is easily guessed. Choose another.",
    ),
    "fault.like_name": ("密码不能就是用户名。", "A password cannot be the user name."),
    "fault.same": ("新密码要与原来的不同。", "The new password must differ from the old one."),
    "fault.differ": ("两次输入的新密码不一样。", "The two new passwords differ."),
    "fault.code": (
        "验证码不对，请核对手机时间后再输一次。",
        "This code is not right. Check your phone's clock, then try again.",
    ),
    "fault.old": ("页面放置太久，请再试一次。", "This page was too old. Please try again."),
    "fault.name": (
        "用户名要用小写字母、数字和 . _ - @，2 到 63 个字符。",
        "Use small letters, digits and . _ - @; 2 to 63 characters.",
    ),
    "fault.taken": ("这个用户名已经有人用了。", "Somebody has this name already."),
    "fault.unknown": ("没有这个账号。", "There is no such account."),
    "fault.role": ("没有这个角色。", "There is no such role."),
    "fault.last": (
        "这是最后一位可用的管理员，不能停用或降级。",
        "This is the last administrator who can sign in: keep one.",
    ),
    "fault.own": (
        "自己的角色和停用要由另一位管理员来改。",
        "Another administrator must change your own role or close your account.",
    ),
    "fault.token": (
        "请填写名称（字母、数字）、权限和 1 到 366 天的期限。",
        "Give a name (letters, digits), at least one scope, and 1 to 366 days.",
    ),
    "fault.provider": (
        "统一身份服务没有回应，请稍后再试。",
        "Single sign-on does not answer. Try again later.",
    ),
    "fault.state": ("登录超时，请重新开始。", "That took too long. Please start again."),
    "fault.sso_token": (
        "统一身份服务的答复无法核实，没有登录。",
        "The answer of single sign-on could not be verified, so you are not signed in.",
    ),
    "fault.sso_role": (
        "你的账号没有管理台的权限，请找管理员。",
        "You have no role here. Ask an administrator.",
    ),
    # Refusals
    "refused": ("你的角色不能做这件事", "Your role does not allow this"),
    "refused.more": (
        "需要的话，请管理员调整角色。",
        "If you need it for your work, ask an administrator.",
    ),
    "back": ("返回首页", "Back to the first page"),
    # One's own account
    "account": ("我的账号", "My account"),
    "account.name": ("用户名", "User name"),
    "account.role": ("角色", "Role"),
    "account.last": ("上次登录", "Last signed in"),
    "account.open": (
        "这是演示：不需要登录，任何在本机打开的人都是管理员。",
        "A demonstration: nobody signs in, and whoever sits at this machine is an administrator.",
    ),
    "password": ("修改密码", "Change password"),
    "password.must": (
        "第一次登录，请换成自己的密码。",
        "You signed in with a password that somebody else made. Choose your own.",
    ),
    "password.old": ("现在的密码", "Present password"),
    "password.new": ("新密码（至少 12 个字符）", "New password (at least 12 characters)"),
    "password.again": ("再输一次新密码", "New password again"),
    "password.help": (
        "几个不相干的词连在一起，既好记又难猜。改好后，其他地方的登录都会退出。",
        "Several unrelated words are easy to keep and hard to guess. All your other sessions end.",
    ),
    "password.save": ("保存新密码", "Save the new password"),
    "factor": ("第二步验证", "Second factor"),
    "factor.on": ("已开启，还有 {count} 个备用码", "On; {count} recovery codes left"),
    "factor.off": ("没有开启", "Off"),
    "factor.set": ("开启", "Set it up"),
    "factor.other": ("换一部手机", "Use another phone"),
    "factor.must": (
        "你的角色需要第二步验证。",
        "Your role needs a second factor.",
    ),
    "factor.scan": (
        "用手机上的验证器应用扫描二维码，再输入它显示的 6 位数字。",
        "Scan this with an authenticator app on your phone, then type the 6 digits it shows.",
    ),
    "factor.type": ("不能扫描时，手工输入：", "If you cannot scan it, type this into the app:"),
    "factor.confirm": ("确认", "Confirm"),
    "codes": ("备用码", "Recovery codes"),
    "codes.once": (
        "手机丢了时，每个可以用一次。请抄下或打印，放在安全的地方：以后不再显示。",
        "For a lost phone; each works once. Write them down and keep them safe: not shown again.",
    ),
    "codes.new": ("重新生成备用码", "Make new recovery codes"),
    "codes.done": ("已经收好，继续", "I have kept them; continue"),
    "sessions": ("登录中的设备", "Where you are signed in"),
    "sessions.this": ("当前", "this one"),
    "sessions.end": ("退出", "End"),
    "sessions.all": ("全部退出", "Sign out everywhere"),
    # Accounts
    "people": ("账号", "Accounts"),
    "people.none": ("还没有账号", "No accounts yet"),
    "people.add": ("新增账号", "Add an account"),
    "people.display": ("姓名", "Name"),
    "people.factor": ("第二步", "Second factor"),
    "people.state": ("状态", "State"),
    "people.made": ("新增于", "Added"),
    "people.sso": ("统一身份", "single sign-on"),
    "people.change": ("改变", "Change"),
    "people.role.save": ("保存角色", "Save the role"),
    "people.disable": ("停用账号", "Close the account"),
    "people.enable": ("恢复账号", "Open the account again"),
    "people.unlock": ("解除等待", "End the wait"),
    "people.reset": ("重设密码", "Give a new password"),
    "people.factor.off": ("取消第二步验证", "Remove the second factor"),
    "people.sessions": ("退出全部登录", "End all sessions"),
    "people.password": ("{name} 的初始密码", "First password of {name}"),
    "people.password.once": (
        "请当面或打电话告诉本人：以后不再显示，首次登录时必须更换。",
        "Tell it in person or by telephone: it is not shown again, and must be changed at once.",
    ),
    "state.active": ("可用", "open"),
    "state.disabled": ("已停用", "closed"),
    "state.locked": ("等待中", "has to wait"),
    "yes": ("有", "yes"),
    "no": ("无", "no"),
    "never": ("从未", "never"),
    "role.viewer": ("查看员", "Viewer"),
    "role.operator": ("运维员", "Operator"),
    "role.approver": ("审批员", "Approver"),
    "role.administrator": ("管理员", "Administrator"),
    "role.token": ("程序", "Program"),
    "role.": ("–", "–"),
    "may.viewer": ("查看终端、办件和报表", "sees terminals, cases and reports"),
    "may.operator": ("还能处理告警、下达命令", "also handles alarms and gives commands"),
    "may.approver": (
        "还能批准重要操作、查看操作记录",
        "also approves, and sees the record of acts",
    ),
    "may.administrator": ("还能管理账号和令牌", "also manages accounts and tokens"),
    # Tokens
    "tokens": ("接口令牌", "API tokens"),
    "tokens.add": ("新增令牌", "Add a token"),
    "tokens.name": ("给哪个系统", "For which system"),
    "tokens.scopes": ("权限", "Scopes"),
    "tokens.days": ("有效天数", "Good for days"),
    "tokens.until": ("有效期至", "Good until"),
    "tokens.by": ("新增人", "Made by"),
    "tokens.used": ("最近使用", "Last used"),
    "tokens.revoke": ("作废", "Revoke"),
    "tokens.made": ("{name} 的令牌", "Token of {name}"),
    "tokens.once": (
        "现在就复制到那个系统里：以后不再显示。",
        "Copy it into that system now: it is not shown again.",
    ),
    "tokens.none": ("还没有令牌", "No tokens yet"),
    "token.good": ("可用", "good"),
    "token.revoked": ("已作废", "revoked"),
    "token.over": ("已过期", "expired"),
    "scope.view": ("查看", "view"),
    "scope.metrics": ("指标", "metrics"),
    "scope.reports": ("报表", "reports"),
    "scope.alarms": ("告警", "alarms"),
    "scope.cases": ("工单", "work orders"),
    "scope.commands": ("命令", "commands"),
    "scope.rollouts": ("发布", "rollouts"),
    "scope.audit": ("操作记录", "record of acts"),
    **AUDIT_PAGE,
}


class Told:
    """The words of one tongue; a code without words is shown as it is."""

    def __init__(self, tongue: Tongue) -> None:
        self._at = TONGUES.index(tongue)

    def __call__(self, key: str, **values: object) -> str:
        return WORDS[key][self._at].format(**values)

    def act(self, code: str) -> str:
        known = ACTS.get(code)
        return known[self._at] if known else code

    def outcome(self, code: str) -> str:
        known = OUTCOMES.get(code)
        return known[self._at] if known else code

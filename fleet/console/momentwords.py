"""Words for what people did at a terminal, a part of `vocabulary`: `moment.kind.outcome`."""

from __future__ import annotations

_SECRETS = {
    "sent": ("已发送", "sent"),
    "right": ("正确", "right"),
    "wrong": ("不对", "wrong"),
    "expired": ("已失效", "expired"),
    "locked": ("已锁定", "locked"),
    "not_registered": ("未登记", "not registered"),
    "too_soon": ("请求过于频繁", "asked for too soon"),
    "unreachable": ("无法核验", "could not be checked"),
}
_CARDS = {
    "read": ("已读取", "read"),
    "swapped": ("换成了他人的证件", "somebody else's was put down"),
    "checksum": ("读取出错", "read with errors"),
    "cut_short": ("读取中断", "cut short"),
    "lifted": ("中途移开", "lifted too soon"),
    "wrong_card": ("不是身份证件", "not an identity card"),
    "refused": ("读卡器不接受", "refused by the reader"),
    "bad_number": ("号码有误", "its number is wrong"),
    "expired": ("已过有效期", "expired"),
    "no_reader": ("读卡器不可用", "no working reader"),
    "unreadable": ("无法读取", "cannot be read"),
    "access_needed": ("需先读护照资料页", "the passport's page is needed first"),
    "not_accepted": ("本事项不接受", "not accepted for the service"),
    "same_person": ("仍是第一位的证件", "the first person's again"),
    "helper_card": ("是代办员本人的证件", "the helper's own"),
    "not_staff": ("不是工作人员", "of nobody who works here"),
    "too_young": ("监护人未成年", "of a guardian who is no adult"),
}
_FACES = {
    "matched": ("与证件一致", "agrees with the card"),
    "captured_not_compared": ("已拍摄，未比对", "captured, not compared"),
    "no_camera": ("摄像头不可用", "no working camera"),
    "timed_out": ("未拍到合格画面", "never well framed"),
    "not_matched": ("与证件不一致", "does not agree with the card"),
    "not_live": ("不是真人", "not a living face"),
    "not_done": ("未按提示完成动作", "the challenge was not met"),
    "changed": ("中途换人", "another person stepped in"),
    "no_portrait": ("证件照无法读取", "the card's portrait cannot be read"),
    "no_model": ("没有比对模型", "no model to compare with"),
}
_STAFF = {
    "sign_in": ("登录", "signed in"),
    "refused_wrong": ("登录被拒：PIN不对", "sign-in refused: wrong PIN"),
    "refused_locked": ("登录被拒：已锁定", "sign-in refused: locked"),
    "refused_unreachable": ("登录被拒：名册不可用", "sign-in refused: no roster"),
    "test_slip": ("打印测试凭条", "printed a test slip"),
    "close_service": ("暂停对外服务", "closed the terminal to citizens"),
    "open_service": ("恢复对外服务", "opened the terminal to citizens"),
}
_OTHERS = {
    "maintenance.begun": ("维护开始", "maintenance begun"),
    "maintenance.ended": ("维护结束", "maintenance ended"),
    "consent.given": ("同意使用摄像头", "agreed to the camera"),
    "consent.refused": ("不同意使用摄像头", "did not agree to the camera"),
    "way.face": ("选择刷脸", "chose the face"),
    "way.code": ("选择手机验证码", "chose a code by phone"),
    "way.pin": ("选择服务密码", "chose a PIN"),
    "way.helper": ("选择由工作人员确认", "chose a helper"),
    "way.desk": ("选择人工窗口", "chose the desk"),
    "witness.agreed": ("工作人员确认是本人", "confirmed by a helper"),
    "witness.declined": ("工作人员未确认", "not confirmed by the helper"),
    "ticket.taken": ("取了排队号", "took a queue ticket"),
    "session.finished": ("办理结束", "visit finished"),
    "session.left": ("离开", "visit left"),
    "session.idle": ("无人操作而结束", "visit ended: nobody touched the screen"),
    "session.ticket": ("转人工窗口而结束", "visit ended: on to the desk"),
    "session.card_swapped": ("因换证件而结束", "visit ended: another card"),
    "session.crashed": ("意外中断", "visit cut off"),
    "case.submitted": ("代群众提交办件", "submitted a case for a citizen"),
}


Known = dict[str, tuple[str, str]]


def _family(kind: str, zh: str, en: str, known: Known) -> Known:
    """`zh` and `en` before each outcome: card read, card expired."""
    return {f"{kind}.{code}": (zh + words[0], en + words[1]) for code, words in known.items()}


MOMENTS = {
    f"moment.{code}": words
    for code, words in {
        **_family("card", "证件", "card ", _CARDS),
        **_family("face", "人脸", "face ", _FACES),
        **_family("code", "手机验证码", "code ", _SECRETS),
        **_family("pin", "服务密码", "PIN ", _SECRETS),
        **_family("staff", "", "", _STAFF),
        **_OTHERS,
    }.items()
} | {
    "role.applicant": ("申请人", "applicant"),
    "role.second": ("另一方", "second person"),
    "role.guardian": ("监护人", "guardian"),
    "role.helper": ("代办员", "helper"),
    "role.operator": ("设备维护员", "operator"),
    "role.administrator": ("管理员", "administrator"),
    "role.staff": ("工作人员", "staff"),
}

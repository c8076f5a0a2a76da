"""One or more views of every state with invented people, for the gallery and the tests."""

from __future__ import annotations

from kiosk.model import FaceHint, Language, Rung, Text
from kiosk.view import (
    AttractBody,
    Body,
    CardBody,
    CheckBody,
    CheckRow,
    Choice,
    ConsentBody,
    FaceBody,
    GuideBody,
    GuideEntry,
    OutOfServiceBody,
    Paper,
    PapersBody,
    ProblemBody,
    Progress,
    QuestionBody,
    RatingBody,
    ServicesBody,
    ServiceTile,
    State,
    StillThereBody,
    SubmittingBody,
    ThanksBody,
    View,
)

SITE = Text("示例县政务服务中心", "Sample County Service Centre")
_PENSION = Text("养老待遇资格认证", "Confirm pension eligibility")
_RECORD = Text("社会保险参保证明", "Certificate of social insurance")
_SOCIAL = Text("人力资源和社会保障局", "Human Resources and Social Security")
_CIVIL = Text("民政局", "Civil Affairs Bureau")

TILES = (
    ServiceTile("T1", _PENSION, _SOCIAL, "human-greeting", "instant"),
    ServiceTile("T2", _RECORD, _SOCIAL, "certificate", "instant"),
    ServiceTile("T3", Text("城乡居民养老保险缴费明细查询",
                "Pension contribution statement"), _SOCIAL,
                "file-find", "query"),
    ServiceTile("T4", Text("高龄津贴申请", "Old-age allowance"), _CIVIL, "heart", "promise", 10),
    ServiceTile("T5", Text("就业失业登记", "Register employment or unemployment"), _SOCIAL,
                "briefcase", "promise", 1),
    ServiceTile("T6", Text("居住证签注", "Residence permit endorsement"),
                Text("公安局", "Public Security Bureau"), "home-map-marker", "promise", 1),
    ServiceTile("T7", Text("惠农补贴查询", "Farm subsidy statement"), Text("农业农村局",
                "Agriculture and Rural Affairs"), "tractor", "query", why_not="why_not.offline"),
    ServiceTile("T8", Text("婚姻登记预约", "Book a marriage registration"), _CIVIL,
                "calendar-check", "instant", why_not="why_not.no_certificate_printer"),
)  # fmt: skip

_SUMMARY = (
    GuideEntry("materials", Text("本人身份证", "Your identity card")),
    GuideEntry("time_limit", Text("当场办结", "Decided at once, while you wait")),
    GuideEntry("fee", Text("不收费", "Free of charge")),
    GuideEntry("result", Text("认证回执（纸质）", "A confirmation on paper")),
)
_DETAILS = (
    GuideEntry("subject", Text("领取城乡居民基本养老保险待遇的人员。",
                               "Everybody who receives the basic pension for residents.")),
    GuideEntry("by_law", Text("《城乡居民基本养老保险经办规程》第三十八条。",
                              "Rules for handling the basic pension, article 38.")),
    GuideEntry("accept_condition", Text("本人到场，身份证在有效期内。每十二个月认证一次即可，"
                                        "提前认证同样有效。",
                                        "You come in person with a valid card. Once in twelve "
                                        "months is enough; early is fine.")),
    GuideEntry("procedure", Text("放身份证，核对本人，回答两个问题，确认提交，取回执。",
                                 "Card, identity, two questions, submit, take the slip.")),
    GuideEntry("discretion", Text("无裁量空间：条件符合即予认证。",
                                  "None: whoever meets the conditions is confirmed.")),
    GuideEntry("form_text", Text("无需填写纸质申请表。", "No paper form is needed.")),
    GuideEntry("link_way", Text("示例县人社局 0700-1234567", "County office 0700-1234567")),
    GuideEntry("supervise_way", Text("12345 政务服务便民热线", "Hotline 12345")),
)  # fmt: skip
_CHOICES = (
    Choice("local", Text("在本县居住", "I live in this county")),
    Choice("elsewhere", Text("在外地居住", "I live elsewhere in the country")),
    Choice("abroad", Text("在境外居住", "I live abroad")),
)
_ROWS = (
    CheckRow(Text("姓名", "Name"), Text("张秀兰", "Zhang Xiulan")),
    CheckRow(Text("身份证号码", "Identity number"),
             Text("1101**********1221", "1101**********1221")),
    CheckRow(Text("居住地", "Where you live"),
             Text("在本县居住", "I live in this county"), "place"),
    CheckRow(Text("联系电话", "Telephone"), Text("139 0000 0000", "139 0000 0000"), "phone"),
    CheckRow(Text("参加工作日期", "First day of work"), Text("1978-03-01", "1978-03-01"), "since"),
    CheckRow(Text("通讯地址", "Postal address"),
             Text("示例县示例镇幸福村三组十八号", "No. 18, Group 3, Xingfu Village"), "address"),
)  # fmt: skip
_DECLARATION = Text("我声明以上内容真实，愿意承担不实承诺的责任。",
                    "I declare that the above is true and answer for it.")  # fmt: skip
_CASE = "KT0001-20261121-000042"
_RESULT = (
    (Text("缴费年度", "Year"), "2025"),
    (Text("缴费档次", "Contribution"), "¥ 2,000.00"),
    (Text("政府补贴", "Subsidy"), "¥ 220.00"),
    (Text("个人账户累计", "Account balance"), "¥ 18,436.50"),
)

_STEPS = ("step.service", "step.identity", "step.questions", "step.check", "step.papers")
_INDEX = {
    State.SERVICES: 0, State.GUIDE: 0, State.CARD: 1, State.CONSENT: 1, State.FACE: 1,
    State.QUESTION: 2, State.CHECK: 3, State.SUBMITTING: 3, State.PAPERS: 4,
}  # fmt: skip
_BACK = (State.GUIDE, State.CARD, State.QUESTION, State.CHECK)
_NO_LEAVE = (
    State.ATTRACT, State.SUBMITTING, State.PAPERS, State.RATING, State.THANKS, State.PROBLEM,
    State.STILL_THERE, State.OUT_OF_SERVICE,
)  # fmt: skip


def question(kind: str = "choice", **values: object) -> QuestionBody:
    """A question of this kind; any field can be replaced."""
    texts = {
        "choice": (Text("您现在住在哪里？", "Where do you live now?"),
                   Text("请选一项。", "Choose one.")),
        "text": (Text("请输入电子邮箱", "What is your e-mail address?"),
                 Text("用来接收办理结果，可以不填。", "For the result of your case.")),
        "phone": (Text("请输入手机号码", "What is your mobile number?"),
                  Text("11 位数字。", "11 digits.")),
        "number": (Text("去年家庭总收入是多少？", "What did your household earn last year?"),
                   Text("全家人的收入合计。", "All members together.")),
        "date": (Text("参加工作是哪一天？", "On which day did you start work?"),
                 Text("记不清日子时，填当月一日。", "If unsure, the first of the month.")),
    }  # fmt: skip
    label, hint = texts[kind]
    base: dict[str, object] = {
        "name": kind, "kind": "text" if kind == "phone" else kind, "label": label, "hint": hint,
        "number": 2, "total": 4, "choices": _CHOICES if kind == "choice" else (),
        "max_length": 11 if kind == "phone" else 40, "optional": kind == "text",
        "unit": Text("元", "yuan") if kind == "number" else Text("", ""),
    }  # fmt: skip
    return QuestionBody(**{**base, **values})  # type: ignore[arg-type]


def bodies() -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body."""
    ready = (Paper("receipt", Rung.PRESENTED), Paper("certificate", Rung.PRESENTED))
    moving = (Paper("receipt", Rung.PRESENTED), Paper("certificate", Rung.SENT))
    trouble = (Paper("receipt", Rung.PRESENTED),
               Paper("certificate", Rung.UNCONFIRMED, "paper.trouble.unconfirmed"))  # fmt: skip
    purpose = Text("确认是您本人领取养老待遇，防止他人冒领。",
                   "To be sure that nobody else draws your pension.")  # fmt: skip
    notices = ("notice.no_certificates",)
    return {
        "attract": (State.ATTRACT, AttractBody(TILES, SITE, "12345", notices)),
        "services": (State.SERVICES, ServicesBody(TILES)),
        "guide": (State.GUIDE, GuideBody(_PENSION, "instant", _SUMMARY, _DETAILS, 2, 3)),
        "card": (State.CARD, CardBody()),
        "card-reading": (State.CARD, CardBody("reading")),
        "consent": (State.CONSENT, ConsentBody("张*", purpose)),
        "face": (State.FACE, FaceBody(FaceHint.CLOSER, 21)),
        "face-still": (State.FACE, FaceBody(FaceHint.HOLD_STILL, 18)),
        "question-choice": (State.QUESTION, question("choice", value="local")),
        "question-text": (State.QUESTION, question("text", value="zhang@example.org")),
        "question-phone": (State.QUESTION, question("phone", value="1390000")),
        "question-error": (State.QUESTION, question("phone", value="1390", error="error.pattern")),
        "question-number": (State.QUESTION, question("number", value="38000")),
        "question-date": (State.QUESTION, question("date", value="1978-03")),
        "check": (State.CHECK, CheckBody(_PENSION, _ROWS, _DECLARATION)),
        "submitting": (State.SUBMITTING, SubmittingBody("sent", instant=True)),
        "papers": (State.PAPERS, PapersBody(_CASE, "decided", moving)),
        "papers-ready": (State.PAPERS, PapersBody(_CASE, "decided", ready, done=True)),
        "papers-trouble": (
            State.PAPERS,
            PapersBody(_CASE, "accepted", trouble, True, "2026-12-05"),
        ),
        "papers-query": (State.PAPERS, PapersBody(_CASE, "decided", ready[:1], True, "", _RESULT)),
        "rating": (State.RATING, RatingBody(30)),
        "thanks": (State.THANKS, ThanksBody(("card", "receipt", "certificate"), 8)),
        "problem": (State.PROBLEM, ProblemBody("card.lifted", "again", seconds_left=30)),
        "problem-interrupted": (State.PROBLEM, ProblemBody("interrupted", "end", _CASE)),
        "still-there": (State.STILL_THERE, StillThereBody(12)),
        "out-of-service": (State.OUT_OF_SERVICE, OutOfServiceBody("no_reader", SITE, "12345")),
    }


def sample(state: State, body: Body, language: Language, serial: int = 0) -> View:
    """The body in a view as the session would send it."""
    index = _INDEX.get(state)
    return View(
        state,
        language,
        body,
        serial,
        Progress(_STEPS, index) if index is not None else None,
        can_go_back=state in _BACK,
        can_leave=state not in _NO_LEAVE,
        demonstration=True,
    )

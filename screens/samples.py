"""One or more views of every state with invented people, for the gallery and the tests."""

from __future__ import annotations

from kiosk.model import FaceHint, Language, Rung, Text
from kiosk.view import (
    AttractBody,
    Body,
    CardBody,
    CheckBody,
    CheckRow,
    ConsentBody,
    Elsewhere,
    FaceBody,
    FiledCase,
    GuideBody,
    GuideEntry,
    Notice,
    OutOfServiceBody,
    Paper,
    PapersBody,
    PaymentBody,
    ProblemBody,
    Progress,
    RatingBody,
    ServicesBody,
    ServiceTile,
    SignBody,
    State,
    StillThereBody,
    SubmittingBody,
    ThanksBody,
    View,
)
from screens import (
    sample_identity,
    samples_appointment,
    samples_enquiry,
    samples_information,
    samples_materials,
    samples_payment,
    samples_practice,
    samples_services,
)
from screens.sample_questions import questions

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
_ROWS = (
    CheckRow(Text("姓名", "Name"), Text("张秀兰", "Zhang Xiulan", own=True)),
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
_MESSAGE = Text(
    "今天下午设备检修，请到二楼窗口办理。",
    "Under repair this afternoon: please go to a desk upstairs.",
)
_TOWN = Elsewhere(
    Text("河东镇便民服务中心", "Hedong Town Service Point"),
    Text("出门向东，步行八分钟", "eight minutes on foot, to the east"), "until", "17:30",
)  # fmt: skip
_HALL = Elsewhere(
    Text("县图书馆二十四小时自助厅", "County Library, 24-hour hall"),
    Text("乘3路公交车到图书馆站", "bus 3 to the library"), "always",
)  # fmt: skip
_CASE = "KT0001-20261121-000042"
_DUE = Text("2026年12月5日", "5 December 2026")
_BUNDLE = "YJS-KT0001-20261121-00042-N"
_CASES = (
    FiledCase(Text("出生医学证明", "Birth certificate"), "KT0001-20261121-00042-N", "decided"),
    FiledCase(Text("新生儿落户", "Registering a newborn in the household"),
              "KT0001-20261121-00043-L", "accepted", _DUE),
    FiledCase(Text("新生儿参保登记", "Medical insurance"), "KT0001-20261121-00044-J", "refused"),
    FiledCase(Text("社会保障卡申领", "Social security card"), "KT0001-20261121-00045-H",
              "provisional"),
)  # fmt: skip
_RESULT = (
    (Text("缴费年度", "Year"), "2025"),
    (Text("缴费档次", "Contribution"), "¥ 2,000.00"),
    (Text("政府补贴", "Subsidy"), "¥ 220.00"),
    (Text("个人账户累计", "Account balance"), "¥ 18,436.50"),
)

_STEPS = ("step.service", "step.identity", "step.questions", "step.check", "step.papers")
_INDEX = {
    State.SERVICES: 0, State.GUIDE: 0, State.CARD: 1, State.CONSENT: 1, State.FACE: 1,
    State.WAYS: 1, State.PIN: 1, State.WITNESS: 1, State.QUESTION: 2,
    State.MATERIALS: 2, State.SCAN: 2, State.COMMITMENT: 2,
    State.CHECK: 3, State.SIGN: 3, State.PAYMENT: 3, State.SUBMITTING: 4, State.PAPERS: 4,
    **samples_practice.INDEX,
}  # fmt: skip
_BACK = (
    State.SERVICES, State.GUIDE, State.CARD, State.CONSENT, State.WAYS, State.PIN, State.WITNESS,
    State.QUESTION, State.MATERIALS, State.SCAN, State.COMMITMENT, State.CHECK, State.SIGN,
    State.PAYMENT, State.CASES, State.CASE_NUMBER, State.CASE_LIST, State.CASE,
    State.APPOINTMENT, State.APPOINTMENT_PLACE, State.APPOINTMENT_ASK, State.HOTLINE,
    State.COMPLAINT, State.COMPLAINT_CHECK, State.INFORMATION, State.ARTICLE,
    *samples_practice.BACK,
)  # fmt: skip
_LEAVE = (
    *_BACK,
    State.LOOKUP,
    State.LODGED,
    State.PRACTICE_END,
    State.FACE,
    State.RATING,
    State.PROBLEM,
    State.STILL_THERE,
)


def bodies() -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body."""
    ready = (Paper("receipt", Rung.PRESENTED), Paper("certificate", Rung.PRESENTED))
    moving = (Paper("receipt", Rung.PRESENTED), Paper("certificate", Rung.SENT))
    several = (Paper("receipt", Rung.PRESENTED), Paper("certificate", Rung.SENT, "", 2, 3))
    trouble = (Paper("receipt", Rung.PRESENTED),
               Paper("certificate", Rung.UNCONFIRMED, "paper.trouble.unconfirmed"))  # fmt: skip
    purpose = Text("确认是您本人领取养老待遇，防止他人冒领。",
                   "To be sure that nobody else draws your pension.")  # fmt: skip
    closed = (Notice("no_idcard", "idcard", "silent", "reset"),)
    notices = (Notice("no_certificates", "document", "paper_out", "refill"),)
    here = tuple(tile for tile in TILES if not tile.why_not)
    return {
        "attract": (State.ATTRACT, AttractBody(here, SITE, "12345", ())),
        "attract-staff": (State.ATTRACT, AttractBody(TILES, SITE, "12345", (), True, _HALL)),
        "attract-limited": (State.ATTRACT, AttractBody(TILES, SITE, "12345", notices, True, _TOWN)),
        "services": (State.SERVICES, ServicesBody(TILES)),
        **samples_services.bodies(TILES),
        "guide": (State.GUIDE, GuideBody(_PENSION, "instant", _SUMMARY, _DETAILS, 2, 3)),
        "guide-slip": (
            State.GUIDE,
            GuideBody(_PENSION, "instant", _SUMMARY, _DETAILS, 2, 3, slip=True),
        ),
        "card": (State.CARD, CardBody("waiting", ("id_card", "social_security_card", "passport"))),
        "card-reading": (State.CARD, CardBody("reading")),
        "consent": (State.CONSENT, ConsentBody("张*", purpose)),
        "face": (State.FACE, FaceBody(FaceHint.CLOSER, 21)),
        "face-still": (State.FACE, FaceBody(FaceHint.HOLD_STILL, 18)),
        **sample_identity.bodies(TILES, _PENSION, purpose),
        **{f"question-{name}": (State.QUESTION, body) for name, body in questions().items()},
        **samples_materials.bodies(),
        **samples_enquiry.bodies(),
        **samples_appointment.bodies(),
        **samples_information.bodies(TILES),
        **samples_practice.bodies(),
        "check": (State.CHECK, CheckBody(_PENSION, _ROWS, _DECLARATION)),
        "sign": (State.SIGN, SignBody(_PENSION, _DECLARATION)),
        "sign-error": (
            State.SIGN,
            SignBody(_PENSION, _DECLARATION, "error.signature.too_short"),
        ),
        **samples_payment.bodies(),
        "submitting": (State.SUBMITTING, SubmittingBody("sent", instant=True)),
        "papers": (State.PAPERS, PapersBody(_CASE, "decided", moving)),
        "papers-ready": (State.PAPERS, PapersBody(_CASE, "decided", ready, done=True)),
        "papers-trouble": (
            State.PAPERS,
            PapersBody(_CASE, "accepted", trouble, True, _DUE),
        ),
        "papers-query": (
            State.PAPERS,
            PapersBody(_CASE, "decided", ready[:1], True, result=_RESULT),
        ),
        "papers-answer": (State.PAPERS, PapersBody(_CASE, "decided", ready, True, result=_RESULT)),
        "papers-carried": (State.PAPERS, PapersBody(_CASE, "carried", ready[:1], done=True)),
        "papers-several": (State.PAPERS, PapersBody(_BUNDLE, "several", several, cases=_CASES)),
        "papers-alike": (
            State.PAPERS,
            PapersBody(_BUNDLE, "accepted", ready[:1], True, _DUE, cases=_CASES[1:2] * 6),
        ),
        "rating": (State.RATING, RatingBody(30)),
        "rating-several": (State.RATING, RatingBody(30, 4)),
        "thanks": (State.THANKS, ThanksBody(("card", "receipt", "certificate"), 20)),
        "thanks-several": (
            State.THANKS,
            ThanksBody(("card", "receipt", "certificates"), 20, certificates=3),
        ),
        "problem": (State.PROBLEM, ProblemBody("card.lifted", "again", seconds_left=30)),
        "thanks-another": (State.THANKS, ThanksBody(("card", "receipt"), 15, again=True)),
        "thanks-helper": (
            State.THANKS,
            ThanksBody(("card", "ticket"), 20, again=True, next_citizen=True),
        ),
        "problem-face": (
            State.PROBLEM,
            ProblemBody("face.not_matched", "again", "", 30, other_ways=True, tries_left=2),
        ),
        "problem-expired": (
            State.PROBLEM,
            ProblemBody("card.expired", "services", "", 30, still=(_PENSION, _RECORD)),
        ),
        "problem-stumbled": (State.PROBLEM, ProblemBody("stumbled", "continue", "", 30)),
        "problem-swapped": (State.PROBLEM, ProblemBody("card.swapped", "end", "", 15)),
        "problem-interrupted": (State.PROBLEM, ProblemBody("interrupted", "end", _CASE)),
        "still-there": (State.STILL_THERE, StillThereBody(12)),
        "overdue": (State.STILL_THERE, StillThereBody(40, overdue=True)),
        "out-of-service": (
            State.OUT_OF_SERVICE,
            OutOfServiceBody("no_reader", SITE, "12345", closed, elsewhere=_TOWN),
        ),
        "out-of-service-staff": (
            State.OUT_OF_SERVICE,
            OutOfServiceBody("maintenance", SITE, "12345", closed, staff=True),
        ),
        "out-of-service-message": (
            State.OUT_OF_SERVICE,
            OutOfServiceBody("message", SITE, "12345", message=_MESSAGE, elsewhere=_HALL),
        ),
        "out-of-service-hold": (State.OUT_OF_SERVICE, OutOfServiceBody("hold", SITE, "12345")),
        "out-of-service-identify": (
            State.OUT_OF_SERVICE,
            OutOfServiceBody("identify", SITE, "12345", terminal="KT-0001", flash=True),
        ),
        **sample_identity.staff(),
    }


def sample(state: State, body: Body, language: Language, serial: int = 0) -> View:
    """The body in a view as the session would send it."""
    index = (
        None
        if _is_of_staff(body)
        else _INDEX.get(state, samples_practice.STEP.get(getattr(body, "page", "")))
    )
    return View(
        state,
        language,
        body,
        serial,
        Progress(_STEPS, index) if index is not None else None,
        can_go_back=state in _BACK and not _held(body),
        can_leave=state in _LEAVE and not _held(body),
        ribbon="practice" if state.startswith("practice") else "demonstration",
    )


def _held(body: Body) -> bool:
    """It is paid: nothing can be given up any more."""
    return isinstance(body, PaymentBody) and body.done


def _is_of_staff(body: Body) -> bool:
    """Somebody signs in: that is no step of a visit."""
    return "staff" in (getattr(body, "whose", ""), getattr(body, "kind", ""))

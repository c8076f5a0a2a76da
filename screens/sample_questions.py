"""Questions of every kind, with invented answers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Text
from kiosk.view import Choice, ListedPerson, QuestionBody

_PLACES = (
    Choice("local", Text("在本县居住", "I live in this county")),
    Choice("elsewhere", Text("在外地居住", "I live elsewhere in the country")),
    Choice("abroad", Text("在境外居住", "I live abroad")),
)
_HELP = (
    Choice("referral", Text("推荐工作", "Be told of jobs")),
    Choice("training", Text("免费职业技能培训", "Free vocational training")),
    Choice("guidance", Text("职业指导，帮我想想适合做什么", "Guidance on what work suits me")),
    Choice(
        "start", Text("创业服务和小额担保贷款", "Help with starting a business, and small loans")
    ),
    Choice("insurance", Text("申领失业保险金", "Claim unemployment insurance")),
)
_LI = Text("李建国", "李建国")
_DAUGHTER = Text("李小梅", "李小梅")
FAMILY = (
    ListedPerson(_LI, (Text("配偶", "Spouse"), Text("1952年11月3日", "3 November 1952"),
                       Text("每月收入1,860元", "1,860 yuan a month"))),
    ListedPerson(_DAUGHTER, (Text("女儿", "Daughter"), Text("1979年5月20日", "20 May 1979"),
                             Text("在外地务工", "Works in another province"),
                             Text("每月收入3,200.50元", "3,200.50 yuan a month"))),
    ListedPerson(Text("李安", "李安"), (Text("孙子", "Grandson"),)),
)  # fmt: skip

_ASKED = {
    "choice": (Text("您现在住在哪里？", "Where do you live now?"),
               Text("请选一项。", "Choose one.")),
    "choices": (Text("接下来您想要哪些帮助？", "What help would you like?"),
                Text("可以选几项。", "Choose as many as you need.")),
    "text": (Text("请输入电子邮箱", "What is your e-mail address?"),
             Text("用来接收办理结果，可以不填。", "For the result of your case.")),
    "phone": (Text("请输入手机号码", "What is your mobile number?"),
              Text("11 位数字。", "11 digits.")),
    "identity": (Text("配偶的身份证号码是多少？", "What is your spouse's ID number?"),
                 Text("18位，末位是X的，按X键。", "18 characters; the last one may be X.")),
    "hanzi": (Text("孩子叫什么名字？", "What is the child's name?"),
              Text("和出生医学证明上的一致。", "As on the medical certificate of birth.")),
    "address": (Text("您现在住在什么地方？", "What is your address?"),
                Text("写到门牌号或村民小组。", "With the house number or the village group.")),
    "number": (Text("家里一共有几口人？", "How many people live in your home?"),
               Text("包括您自己。", "Count yourself.")),
    "money": (Text("去年家庭总收入是多少？", "What did your household earn last year?"),
              Text("全家人的收入合计。", "All members together.")),
    "date": (Text("参加工作是哪一天？", "On which day did you start work?"),
             Text("记不清日子时，填当月一日。", "If unsure, the first of the month.")),
    "month": (Text("从哪个月开始？", "From which month?"),
              Text("证明从这个月的缴费写起。", "The certificate begins with it.")),
    "people": (Text("和您一起生活的家人有哪些？", "Who lives with you?"),
               Text("不用写您自己。", "Leave yourself out.")),
}  # fmt: skip
_MORE: dict[str, dict[str, object]] = {
    "choice": {"choices": _PLACES},
    "choices": {"choices": _HELP, "least": 1, "most": 4},
    "text": {"optional": True},
    "phone": {"kind": "text", "max_length": 11, "script": "digits"},
    "identity": {"kind": "text", "max_length": 18, "script": "digits"},
    "hanzi": {"kind": "text", "max_length": 20, "script": "hanzi"},
    "address": {"max_length": 80},
    "number": {"unit": Text("口", "people"), "max_length": 2},
    "people": {"least": 1, "most": 10},
}


def question(kind: str = "choice", **values: object) -> QuestionBody:
    """A question of this kind; any field can be replaced."""
    label, hint = _ASKED[kind]
    base: dict[str, object] = {
        "name": kind, "kind": kind, "label": label, "hint": hint, "number": 2, "total": 4,
        **_MORE.get(kind, {}),
    }  # fmt: skip
    return QuestionBody(**{**base, **values})  # type: ignore[arg-type]


def figures(**values: int) -> tuple[tuple[str, Text], ...]:
    """What the sentence of an error names."""
    return tuple((name, Text(str(value), str(value))) for name, value in values.items())


def questions() -> dict[str, QuestionBody]:
    """Name of the picture → body."""
    second = Text("第2位", "Person 2")
    place = "示例县示例镇幸福村第三村民小组十八号"
    made = {
        "choice": question("choice", value="local"),
        "choices": question("choices", value="training,insurance"),
        "choices-full": question("choices", value="referral,training,guidance,start"),
        "choices-error": question(
            "choices", error="error.required.choices", figures=figures(least=1)
        ),
        "text": question("text", value="zhang@example.org"),
        "phone": question("phone", value="1390000"),
        "error": question(
            "phone", value="1390", error="error.mobile.length", figures=figures(count=4)
        ),
        "identity": question("identity", value="11010119491231002"),
        "hanzi": question("hanzi"),
        "hanzi-error": question(
            "hanzi",
            value="李",
            error="error.pattern.length",
            figures=figures(least=2, most=20, count=1),
        ),
        "identity-error": question(
            "identity",
            value="11010119491231002",
            error="error.resident_number.length",
            figures=figures(count=17),
        ),
        "date-error": question(
            "date",
            value="2026-02-30",
            error="error.date.day",
            figures=figures(year=2026, month=2, last=28),
        ),
        "address": question("address", value=place),
        "address-long": question("address", value=(place + "（示例小学西侧）") * 3),
        "number": question("number", value="5"),
        "money": question("money", value="38000.5"),
        "money-error": question(
            "money",
            value="9999999999.99",
            error="error.maximum.money",
            figures=(("limit", Text("1,000,000元", "1,000,000 yuan")),),
        ),
        "date": question("date", value="1978-03"),
        "month": question("month", value="2026-0"),
        "people": question("people", people=FAMILY),
        "people-empty": question("people"),
        "people-none": question("people", least=0, optional=True),
        "people-error": question(
            "people",
            people=FAMILY[:1],
            least=2,
            error="error.too_few.people",
            figures=figures(least=2, most=10, count=1),
        ),
        "people-full": question("people", people=FAMILY * 2, most=6),
        "person": question("hanzi", group=second, value="李小"),
        "person-date": question("date", group=second, value=""),
    }
    return {name: replace(body, name=name) for name, body in made.items()}

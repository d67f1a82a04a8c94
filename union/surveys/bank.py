"""The questions every portal begins with, and the ready-made sections they make.

Source: chapter 4.5 of the domain facts: six dimensions of five statements each, then overall
satisfaction, belonging and three open questions. Rows of the bank are written by a migration and
belong to the office from then on: a wording is changed by a new version, never here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LIKERT, TEXT = ("likert", "satisfaction-5"), ("text", "words")
AGREEMENT = ("likert", "agreement-5")


@dataclass(frozen=True)
class BankDimension:
    """A dimension with its statements, code and wording."""

    code: str
    name: str
    introduction: str
    statements: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BankQuestion:
    """A question beside the statements of the dimensions."""

    code: str
    kind: str
    scale: str
    text: str
    explanation: str = ""
    choices: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    dimension: str = ""


@dataclass(frozen=True)
class TemplateQuestion:
    """A question in a ready-made section, with its condition."""

    code: str
    required: bool = True
    after: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Template:
    """A ready-made section of a survey."""

    code: str
    name: str
    introduction: str
    questions: tuple[TemplateQuestion, ...] = field(default=())


DIMENSIONS: tuple[BankDimension, ...] = (
    BankDimension(
        "pay",
        "薪酬福利",
        "工资、奖金、社保和福利。",
        (
            ("pay-level", "我对现在的工资水平"),
            ("pay-fairness", "我对收入分配的公平程度"),
            ("pay-bonus", "我对奖金与业绩挂钩的办法"),
            ("pay-insurance", "我对社会保险和住房公积金的缴存"),
            ("pay-benefits", "我对节日福利和走访慰问"),
        ),
    ),
    BankDimension(
        "career",
        "职业发展",
        "晋升、培训、技能等级和岗位。",
        (
            ("career-promotion", "我对晋升选拔的公开透明"),
            ("career-training", "我对参加培训的机会"),
            ("career-grades", "我对技能等级晋升的通道"),
            ("career-fit", "我对岗位与自己所长的匹配"),
            ("career-mentor", "我对师带徒的效果"),
        ),
    ),
    BankDimension(
        "conditions",
        "工作条件",
        "作业环境、劳保、工时和后勤。",
        (
            ("conditions-site", "我对井下（现场）的作业环境"),
            ("conditions-protection", "我对劳动防护用品的质量和发放"),
            ("conditions-hours", "我对工作时间和休假安排"),
            ("conditions-services", "我对食堂、班车和公寓"),
            ("conditions-health", "我对职业健康体检"),
        ),
    ),
    BankDimension(
        "democracy",
        "民主管理",
        "厂务公开、职代会、意见箱和考核。",
        (
            ("democracy-openness", "我对厂务公开的内容和及时程度"),
            ("democracy-proposals", "我对职代会提案的办理"),
            ("democracy-boxes", "我对意见箱来信的答复"),
            ("democracy-appraisal", "我对考核评优的公正"),
            ("democracy-taking-part", "我对参与单位决策的机会"),
        ),
    ),
    BankDimension(
        "culture",
        "文体活动",
        "活动、场地、经费和家属关爱。",
        (
            ("culture-number", "我对文体活动的数量"),
            ("culture-places", "我对活动场地和设施"),
            ("culture-access", "我对参加活动的便利程度"),
            ("culture-money", "我对工会经费的使用"),
            ("culture-families", "我对家属关爱活动"),
        ),
    ),
    BankDimension(
        "mind",
        "心理支持",
        "压力、心理服务和班组氛围。",
        (
            ("mind-pressure", "我对工作压力的可承受程度"),
            ("mind-known", "我对心理服务的宣传和知晓"),
            ("mind-secrecy", "我对心理咨询的保密"),
            ("mind-team", "我对班组的氛围"),
            ("mind-superior", "我对上级给予的关心"),
        ),
    ),
    BankDimension(
        "veterans-support",
        "拥军优属服务",
        "政策宣传、申请、办理和态度。",
        (
            ("veterans-policy", "我对优待政策的宣传解读"),
            ("veterans-apply", "我对提出申请的方便程度"),
            ("veterans-speed", "我对办理的快慢"),
            ("veterans-manner", "我对工作人员的态度"),
            ("veterans-amount", "我对补助标准和到账时间"),
        ),
    ),
)

QUESTIONS: tuple[BankQuestion, ...] = (
    BankQuestion("overall", *LIKERT, "总的来说，我对在本单位工作"),
    BankQuestion("belonging", *AGREEMENT, "我在单位有归属感"),
    BankQuestion(
        "recommend",
        "zero-to-ten",
        "recommendation-11",
        "我愿意向亲友推荐来本单位工作",
        "0表示完全不愿意，10表示非常愿意。",
    ),
    BankQuestion("most-satisfied", *TEXT, "您最满意的是什么？", "请不要写出任何人的姓名。"),
    BankQuestion(
        "most-to-improve", *TEXT, "您认为最需要改进的是什么？", "请不要写出任何人的姓名。"
    ),
    BankQuestion("one-proposal", *TEXT, "您有一条什么建议？", "请不要写出任何人的姓名。"),
    BankQuestion(
        "joined-activities",
        "single",
        "choice",
        "今年您参加过工会组织的活动吗？",
        choices=("经常参加", "参加过一两次", "没有参加"),
        dimension="culture",
    ),
    BankQuestion(
        "why-not-joined",
        "multiple",
        "choice",
        "没有参加的原因是什么？",
        "可以选几项。",
        choices=("倒班，时间不合适", "不知道有活动", "没有感兴趣的", "家里走不开", "名额太少"),
        dimension="culture",
    ),
    BankQuestion(
        "services-lines",
        "matrix",
        "satisfaction-5",
        "您对下面各项后勤服务是否满意？",
        lines=("食堂饭菜", "班车准点", "职工公寓", "洗浴更衣"),
        dimension="conditions",
    ),
    BankQuestion(
        "veterans-applied",
        "single",
        "choice",
        "这一年您或家人提出过优待申请吗？",
        choices=("提出过", "没有提出过"),
        dimension="veterans-support",
    ),
    BankQuestion("veterans-proposal", *TEXT, "您对服务站的工作有什么建议？"),
)

CLOSING = Template(
    "closing",
    "总体评价",
    "最后是总体感受和您想说的话。",
    (
        TemplateQuestion("overall"),
        TemplateQuestion("belonging"),
        TemplateQuestion("most-satisfied", required=False),
        TemplateQuestion("most-to-improve", required=False),
        TemplateQuestion("one-proposal", required=False),
    ),
)


def _of_dimension(dimension: BankDimension) -> Template:
    statements = tuple(TemplateQuestion(code) for code, _text in dimension.statements)
    return Template(dimension.code, dimension.name, dimension.introduction, statements)


#: The ready-made sections by code; the veterans' one asks how it went only whom it concerns.
TEMPLATES: dict[str, Template] = {
    dimension.code: _of_dimension(dimension)
    for dimension in DIMENSIONS
    if dimension.code != "veterans-support"
}
TEMPLATES["veterans-support"] = Template(
    "veterans-support",
    "拥军优属服务",
    "政策宣传、申请、办理和态度。",
    (
        TemplateQuestion("veterans-policy"),
        TemplateQuestion("veterans-manner"),
        TemplateQuestion("veterans-applied"),
        *(
            TemplateQuestion(code, after="veterans-applied", answers="1")
            for code in ("veterans-apply", "veterans-speed", "veterans-amount")
        ),
        TemplateQuestion("veterans-proposal", required=False),
    ),
)

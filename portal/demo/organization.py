"""Units, people and logins of the demo company 沁岚能源集团有限公司. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

UnitKind = Literal["company", "department", "committee", "general_branch", "branch", "group"]
"""The first two are administrative units, the others Party units (党委, 党总支, 党支部, 党小组)."""


@dataclass(frozen=True)
class DemoUnit:
    """One unit; parents come before their children in `UNITS`."""

    code: str
    name: str
    kind: UnitKind
    parent: str
    valid_from: date = date(2018, 1, 1)
    short_name: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """One person: `unit` is the administrative unit, `branch` the Party branch or ""."""

    number: str
    name: str
    gender: Literal["male", "female"]
    unit: str
    position: str
    branch: str = ""
    probationary: bool = False


@dataclass(frozen=True)
class DemoLogin:
    """A login shown on the sign-in page in demo mode: one person in one role."""

    number: str
    role: str
    unit: str
    valid_from: date
    valid_to: date | None = None
    shown: bool = True


UNITS: tuple[DemoUnit, ...] = (
    DemoUnit("QL", "沁岚能源集团有限公司", "company", ""),
    DemoUnit("QL-DQ", "党委工作部", "department", "QL"),
    DemoUnit("QL-JW", "纪委监督部", "department", "QL"),
    DemoUnit("QL-GH", "集团工会", "department", "QL"),
    DemoUnit("QL-FW", "退役军人服务站", "department", "QL"),
    DemoUnit("QL-DA", "档案中心", "department", "QL"),
    DemoUnit("QL-AJ", "安全监察部", "department", "QL"),
    DemoUnit("QL-RL", "人力资源部", "department", "QL"),
    DemoUnit("QL-CW", "财务部", "department", "QL"),
    DemoUnit("QL-XX", "信息中心", "department", "QL"),
    DemoUnit("QL-QS", "青石梁煤矿", "company", "QL"),
    DemoUnit("QL-QS-CM", "青石梁煤矿采煤一队", "department", "QL-QS"),
    DemoUnit("QL-QS-ZJ", "青石梁煤矿综掘队", "department", "QL-QS"),
    DemoUnit("QL-QS-JY", "青石梁煤矿机电运输队", "department", "QL-QS"),
    DemoUnit("QL-BP", "北坡煤矿", "company", "QL"),
    DemoUnit("QL-BP-TF", "北坡煤矿通风瓦斯队", "department", "QL-BP"),
    DemoUnit("QL-XM", "选煤厂", "company", "QL"),
    DemoUnit("QL-RD", "沁岚热电厂", "company", "QL"),
    DemoUnit("QL-JH", "矿山救护大队", "company", "QL"),
    DemoUnit(
        "DW", "中共沁岚能源集团有限公司委员会", "committee", "QL", date(2019, 6, 18), "集团党委"
    ),
    DemoUnit("DZ01", "机关第一党支部", "branch", "DW", short_name="机关一支部"),
    DemoUnit("DZ01-1", "机关第一党支部第一党小组", "group", "DZ01"),
    DemoUnit("DZ01-2", "机关第一党支部第二党小组", "group", "DZ01"),
    DemoUnit("ZZ01", "青石梁煤矿党总支", "general_branch", "DW"),
    DemoUnit("DZ02", "采煤一队党支部", "branch", "ZZ01"),
    DemoUnit("DZ02-1", "采煤一队党支部第一党小组", "group", "DZ02"),
    DemoUnit("DZ02-2", "采煤一队党支部第二党小组", "group", "DZ02"),
    DemoUnit("DZ03", "综掘队党支部", "branch", "ZZ01"),
    DemoUnit("DZ03-1", "综掘队党支部第一党小组", "group", "DZ03"),
    DemoUnit("DZ03-2", "综掘队党支部第二党小组", "group", "DZ03"),
    DemoUnit("DZ04", "机电运输队党支部", "branch", "ZZ01"),
    DemoUnit("DZ04-1", "机电运输队党支部第一党小组", "group", "DZ04"),
    DemoUnit("DZ04-2", "机电运输队党支部第二党小组", "group", "DZ04"),
    DemoUnit("DZ05", "北坡煤矿通风瓦斯党支部", "branch", "DW", short_name="通风瓦斯党支部"),
    DemoUnit("DZ05-1", "通风瓦斯党支部第一党小组", "group", "DZ05"),
    DemoUnit("DZ05-2", "通风瓦斯党支部第二党小组", "group", "DZ05"),
    DemoUnit("DZ06", "选煤厂党支部", "branch", "DW"),
    DemoUnit("DZ06-1", "选煤厂党支部第一党小组", "group", "DZ06"),
    DemoUnit("DZ06-2", "选煤厂党支部第二党小组", "group", "DZ06"),
    DemoUnit("DZ07", "沁岚热电厂党支部", "branch", "DW", short_name="热电厂党支部"),
    DemoUnit("DZ07-1", "热电厂党支部第一党小组", "group", "DZ07"),
    DemoUnit("DZ07-2", "热电厂党支部第二党小组", "group", "DZ07"),
    DemoUnit("DZ08", "矿山救护大队党支部", "branch", "DW", short_name="救护大队党支部"),
)


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("100001", "梁启岳", "male", "QL", "党委书记、董事长", "DZ01"),
    DemoPerson("100002", "沈维钧", "male", "QL", "党委副书记、总经理", "DZ01"),
    DemoPerson("100003", "杜文渊", "male", "QL-GH", "工会主席", "DZ01"),
    DemoPerson("100004", "郭振海", "male", "QL-JW", "纪委书记", "DZ01"),
    DemoPerson("100005", "王志远", "male", "QL-DQ", "党委工作部副部长", "DZ01"),
    DemoPerson("100006", "林晓岚", "female", "QL-DQ", "党委工作部干事", "DZ01"),
    DemoPerson("100007", "秦伯安", "male", "QL", "党委专职副书记", "DZ01"),
    DemoPerson("100008", "何静", "female", "QL-GH", "工会干事", "DZ01"),
    DemoPerson("100009", "周立本", "male", "QL-FW", "退役军人服务站站长", "DZ01"),
    DemoPerson("100010", "许文竹", "female", "QL-DA", "档案员", "DZ01"),
    DemoPerson("100011", "田小禾", "female", "QL-XM", "综合办公室文书", "DZ06"),
    DemoPerson("100012", "方正清", "male", "QL-JW", "监督部干事", "DZ01"),
    DemoPerson("100013", "罗一鸣", "male", "QL-XX", "系统管理员"),
    DemoPerson("100014", "邵明哲", "male", "QL-XX", "安全管理员"),
    DemoPerson("100015", "冯宁", "female", "QL-XX", "安全审计员"),
    DemoPerson("100016", "陈雅琴", "female", "QL-DQ", "组织干事", "DZ01"),
    DemoPerson("100017", "严守成", "male", "QL-AJ", "安全监察部部长", "DZ01"),
    DemoPerson("100018", "吴婷", "female", "QL-RL", "人力资源部主管", "DZ01"),
    DemoPerson("100019", "贾敏", "female", "QL-CW", "财务部出纳"),
    DemoPerson("100020", "贺守田", "male", "QL-QS-CM", "党支部书记", "DZ02"),
    DemoPerson("100021", "段小龙", "male", "QL-QS-CM", "办事员", "DZ02"),
    DemoPerson("100022", "武彦青", "male", "QL-QS-CM", "技术员", "DZ02"),
    DemoPerson("100023", "白永强", "male", "QL-QS-CM", "副队长", "DZ02"),
    DemoPerson("100024", "李建民", "male", "QL-QS-CM", "采煤机司机、班长", "DZ02"),
    DemoPerson("100025", "郝志刚", "male", "QL-QS-CM", "采煤一队队长", "DZ02"),
    DemoPerson("100026", "宋逸", "male", "QL-QS-CM", "地质技术员", "DZ02"),
    DemoPerson("100027", "薛大勇", "male", "QL-QS-CM", "支架检修工", "DZ02"),
    DemoPerson("100028", "马晓东", "male", "QL-QS-CM", "支架工", "DZ02", probationary=True),
    DemoPerson("100030", "曹文斌", "male", "QL-QS-ZJ", "党支部书记", "DZ03"),
    DemoPerson("100031", "石磊", "male", "QL-QS-ZJ", "办事员", "DZ03"),
    DemoPerson("100032", "范成林", "male", "QL-QS-ZJ", "副队长", "DZ03"),
    DemoPerson("100033", "庞建军", "male", "QL-QS-ZJ", "综掘队队长", "DZ03"),
    DemoPerson("100034", "丁海涛", "male", "QL-QS-ZJ", "掘进机司机", "DZ03"),
    DemoPerson("100035", "牛志宏", "male", "QL-QS-ZJ", "支护工", "DZ03"),
    DemoPerson("100036", "叶知秋", "male", "QL-QS-ZJ", "掘进技术员", "DZ03"),
    DemoPerson("100040", "卢向前", "male", "QL-QS-JY", "党支部书记", "DZ04"),
    DemoPerson("100041", "苗秀英", "female", "QL-QS-JY", "材料员", "DZ04"),
    DemoPerson("100042", "温国柱", "male", "QL-QS-JY", "机电运输队队长", "DZ04"),
    DemoPerson("100043", "尹春生", "male", "QL-QS-JY", "主提升绞车工、班长", "DZ04"),
    DemoPerson("100044", "祁东升", "male", "QL-QS-JY", "电钳工", "DZ04"),
    DemoPerson("100045", "柴俊杰", "male", "QL-QS-JY", "皮带机维修工", "DZ04"),
    DemoPerson("100046", "姚玉兰", "female", "QL-QS-JY", "主提升绞车工", "DZ04"),
    DemoPerson("100050", "韩玉成", "male", "QL-BP-TF", "党支部书记", "DZ05"),
    DemoPerson("100051", "崔立新", "male", "QL-BP-TF", "办事员", "DZ05"),
    DemoPerson("100052", "侯志平", "male", "QL-BP-TF", "副队长", "DZ05"),
    DemoPerson("100053", "岳红霞", "female", "QL-BP-TF", "地面监控中心监测工", "DZ05"),
    DemoPerson("100054", "孟凡林", "male", "QL-BP-TF", "瓦检员、班长", "DZ05"),
    DemoPerson("100055", "靳伟", "male", "QL-BP-TF", "测风员", "DZ05"),
    DemoPerson("100056", "常满仓", "male", "QL-BP-TF", "通风瓦斯队队长", "DZ05"),
    DemoPerson("100060", "赵春梅", "female", "QL-XM", "党支部书记", "DZ06"),
    DemoPerson("100061", "邢伟", "male", "QL-XM", "生产科科员", "DZ06"),
    DemoPerson("100062", "傅连山", "male", "QL-XM", "选煤厂厂长", "DZ06"),
    DemoPerson("100063", "彭秀丽", "female", "QL-XM", "浮选工"),
    DemoPerson("100064", "蒋莉莉", "female", "QL-XM", "集控员", "DZ06"),
    DemoPerson("100065", "钱永胜", "male", "QL-XM", "机修班班长", "DZ06"),
    DemoPerson("100070", "董国平", "male", "QL-RD", "党支部书记", "DZ07"),
    DemoPerson("100071", "汪洁", "female", "QL-RD", "综合办公室干事", "DZ07"),
    DemoPerson("100072", "谢志勇", "male", "QL-RD", "检修主任", "DZ07"),
    DemoPerson("100073", "潘学文", "male", "QL-RD", "热电厂厂长", "DZ07"),
    DemoPerson("100074", "龚海波", "male", "QL-RD", "锅炉运行值长", "DZ07"),
    DemoPerson("100075", "易芳", "female", "QL-RD", "汽机运行工", "DZ07", probationary=True),
    DemoPerson("100076", "鲁敏", "female", "QL-RD", "水质化验员"),
    DemoPerson("100080", "雷震山", "male", "QL-JH", "大队长、党支部书记", "DZ08"),
    DemoPerson("100081", "关云峰", "male", "QL-JH", "一中队队长", "DZ08"),
    DemoPerson("100082", "苏铁", "male", "QL-JH", "救护队员", "DZ08"),
    DemoPerson("100083", "任长河", "male", "QL-JH", "仪器装备员", "DZ08"),
    DemoPerson("100084", "顾盼", "male", "QL-JH", "战训科科员", "DZ08"),
    DemoPerson("100085", "丛大海", "male", "QL-JH", "救护车司机", "DZ08"),
    # Families of soldiers and of those who fell; the service station invited them.
    DemoPerson("J20001", "秦月兰", "female", "QL-FW", "军属"),
    DemoPerson("J20002", "葛长顺", "male", "QL-FW", "烈士遗属"),
    DemoPerson("J20003", "魏素珍", "female", "QL-FW", "病故军人遗属"),
    DemoPerson("J20004", "阎春燕", "female", "QL-FW", "军属"),
)


IDENTITY_NUMBERS: dict[str, str] = {
    "100024": "140000198503120010",
    "100041": "140000197208010025",
    "100028": "140000199901010030",
    "100082": "140000200002290054",
    "J20001": "140000196003080041",
    "J20002": "140000195309170037",
    "J20003": "140000195307270069",
    "J20004": "140000198809150108",
    "100085": "140000197904200113",
    "100065": "140000197006180130",
    "100074": "140000198102110153",
}
"""Numbers with the prefix 140000, a province code not issued to people (checksums valid)."""


def demo_phone(number: str) -> str:
    """Give the invented mobile number of a person: 139000000 and two digits of the number."""
    return f"139000000{number[-2:]}"


LOGINS: tuple[DemoLogin, ...] = (
    DemoLogin("100063", "employee", "QL-XM", date(2020, 3, 1)),
    DemoLogin("100076", "employee", "QL-RD", date(2021, 7, 12)),
    DemoLogin("100024", "party_member", "DZ02", date(2018, 7, 1)),
    DemoLogin("100050", "branch_secretary", "DZ05", date(2025, 4, 18)),
    DemoLogin("100020", "branch_secretary", "DZ02", date(2024, 9, 10)),
    DemoLogin("100051", "organization_member", "DZ05", date(2022, 4, 15)),
    DemoLogin("100071", "organization_member", "DZ07", date(2023, 8, 21)),
    DemoLogin("100006", "party_staff", "DW", date(2022, 1, 10)),
    DemoLogin("100001", "party_approver", "DW", date(2022, 3, 1)),
    DemoLogin("100008", "union_staff", "QL", date(2021, 5, 6)),
    DemoLogin("100003", "union_chair", "QL", date(2023, 2, 8)),
    DemoLogin("100009", "veterans_officer", "QL", date(2020, 11, 2)),
    DemoLogin("100019", "finance_payer", "QL", date(2021, 9, 1)),
    DemoLogin("J20001", "military_family", "QL-FW", date(2025, 2, 10)),
    DemoLogin("J20002", "military_family", "QL-FW", date(2025, 2, 10), shown=False),
    DemoLogin("J20003", "military_family", "QL-FW", date(2025, 3, 3), shown=False),
    DemoLogin("J20004", "military_family", "QL-FW", date(2026, 8, 3), shown=False),
    DemoLogin("100028", "employee", "QL-QS-CM", date(2024, 7, 1), shown=False),
    DemoLogin("100082", "employee", "QL-JH", date(2021, 6, 15), shown=False),
    DemoLogin("100085", "employee", "QL-JH", date(2016, 4, 5), shown=False),
    DemoLogin("100065", "employee", "QL-XM", date(2010, 5, 4), shown=False),
    DemoLogin("100074", "employee", "QL-RD", date(2012, 9, 6), shown=False),
    # Who answers for a unit that is asked to handle opinions and proposals (承办人).
    DemoLogin("100042", "opinion_handler", "QL-QS", date(2026, 1, 5)),
    DemoLogin("100017", "opinion_handler", "QL-AJ", date(2026, 1, 5), shown=False),
    DemoLogin("100018", "opinion_handler", "QL-RL", date(2026, 1, 5), shown=False),
    DemoLogin("100056", "opinion_handler", "QL-BP", date(2026, 1, 5), shown=False),
    DemoLogin("100062", "opinion_handler", "QL-XM", date(2026, 1, 5), shown=False),
    DemoLogin("100073", "opinion_handler", "QL-RD", date(2026, 1, 5), shown=False),
    # Delegates of the workers' congress who have no other role.
    DemoLogin("100044", "employee", "QL-QS-JY", date(2019, 7, 1), shown=False),
    DemoLogin("100045", "employee", "QL-QS-JY", date(2015, 9, 1), shown=False),
    DemoLogin("100053", "employee", "QL-BP-TF", date(2016, 4, 1), shown=False),
    DemoLogin("100064", "employee", "QL-XM", date(2018, 7, 2), shown=False),
    DemoLogin("100075", "employee", "QL-RD", date(2022, 8, 1), shown=False),
    DemoLogin("100083", "employee", "QL-JH", date(2014, 3, 3), shown=False),
    DemoLogin("100010", "archivist", "QL", date(2019, 3, 1)),
    DemoLogin("100011", "part_time_archivist", "DZ06", date(2023, 1, 4)),
    DemoLogin("100012", "discipline_auditor", "QL", date(2022, 9, 1)),
    DemoLogin("100013", "system_administrator", "QL", date(2024, 1, 2)),
    DemoLogin("100014", "security_administrator", "QL", date(2024, 1, 2)),
    DemoLogin("100015", "audit_administrator", "QL", date(2024, 1, 2)),
    # Looks into objections to honors, having neither drafted nor approved the list.
    DemoLogin("100007", "party_staff", "DW", date(2022, 1, 10), shown=False),
    # The other branches' editors, so that every branch can draft; not listed on the sign-in page.
    DemoLogin("100005", "branch_secretary", "DZ01", date(2024, 8, 1), shown=False),
    DemoLogin("100016", "organization_member", "DZ01", date(2024, 8, 1), shown=False),
    DemoLogin("100021", "organization_member", "DZ02", date(2024, 9, 10), shown=False),
    DemoLogin("100030", "branch_secretary", "DZ03", date(2025, 3, 6), shown=False),
    DemoLogin("100031", "organization_member", "DZ03", date(2025, 3, 6), shown=False),
    DemoLogin("100040", "branch_secretary", "DZ04", date(2025, 3, 6), shown=False),
    DemoLogin("100041", "organization_member", "DZ04", date(2025, 3, 6), shown=False),
    DemoLogin("100060", "branch_secretary", "DZ06", date(2024, 4, 16), shown=False),
    DemoLogin("100011", "organization_member", "DZ06", date(2024, 4, 16), shown=False),
    DemoLogin("100080", "branch_secretary", "DZ08", date(2024, 10, 8), shown=False),
    DemoLogin("100084", "organization_member", "DZ08", date(2024, 10, 8), shown=False),
    # On purpose expired: the term of the power plant's branch ran out and nobody was elected.
    DemoLogin(
        "100070", "branch_secretary", "DZ07", date(2023, 8, 21), date(2026, 8, 20), shown=False
    ),
)


@dataclass(frozen=True)
class DemoBranch:
    """Facts of a branch shown on its page (counts of 2026-11-21)."""

    unit: str
    secretary: str
    members: int
    probationary: int
    committee: int
    elected_on: date
    term_ends_on: date
    place: str
    introduction: str


BRANCHES: tuple[DemoBranch, ...] = (
    DemoBranch(
        "DZ01",
        "王志远",
        23,
        1,
        5,
        date(2024, 8, 1),
        date(2027, 7, 31),
        "集团办公楼四层党员活动室",
        "由党委工作部、纪委监督部、工会、档案中心等十个部门的党员组成，连续两年在机关考核中排第一。"
        "支部把“少开会、开短会、会后有回音”写进了年度计划。",
    ),
    DemoBranch(
        "DZ02",
        "贺守田",
        31,
        1,
        5,
        date(2024, 9, 10),
        date(2027, 9, 9),
        "青石梁煤矿联建楼二层",
        "三个生产班、一个检修班都有党员，六个党员安全责任区覆盖1307工作面两巷和运输顺槽。",
    ),
    DemoBranch(
        "DZ03",
        "曹文斌",
        24,
        0,
        5,
        date(2025, 3, 6),
        date(2028, 3, 5),
        "青石梁煤矿联建楼二层东侧",
        "承担二采区准备巷道掘进，党员分散在四六制四个小班，开齐一次党员大会要提前排班。",
    ),
    DemoBranch(
        "DZ04",
        "卢向前",
        27,
        1,
        5,
        date(2025, 3, 6),
        date(2028, 3, 5),
        "青石梁煤矿主井口值班楼",
        "管着主副井提升、主运皮带和地面变电所，技术工人多，去年以来提出合理化建议十九条。",
    ),
    DemoBranch(
        "DZ05",
        "韩玉成",
        18,
        0,
        3,
        date(2025, 4, 18),
        date(2028, 4, 17),
        "北坡煤矿通风楼一层",
        "负责全矿通风、瓦斯检查和监测监控，瓦检一岗是集团连续无事故时间最长的岗位。",
    ),
    DemoBranch(
        "DZ06",
        "赵春梅",
        22,
        1,
        5,
        date(2024, 4, 16),
        date(2027, 4, 15),
        "选煤厂办公楼三层",
        "三班运转，女党员占四成。本届任期将于2027年4月届满，换届准备工作已经启动。",
    ),
    DemoBranch(
        "DZ07",
        "董国平",
        21,
        1,
        5,
        date(2023, 8, 21),
        date(2026, 8, 20),
        "热电厂生产楼五层",
        "承担岚川市城南片区集中供热，每年十一月到次年三月党员轮流值守换热站。"
        "本届任期已于2026年8月届满，尚未完成换届。",
    ),
    DemoBranch(
        "DZ08",
        "雷震山",
        6,
        0,
        0,
        date(2024, 10, 8),
        date(2027, 10, 7),
        "矿山救护大队战训楼",
        "正式党员六人，不设支部委员会，设书记一人。全员二十四小时待命，会议常在值班间隙召开。",
    ),
)

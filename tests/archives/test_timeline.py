"""The time line of a record: one plain sentence for each kind of event."""

from __future__ import annotations

import datetime
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal.archives import ledger
from portal.archives.models import ArchiveClass, EntryPayload, Record, Render, RenderStatus
from portal.archives.timeline import timeline
from portal.archives.timeline_sentences import SENTENCES, STEPS
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db]

AT = datetime.datetime(2026, 11, 21, 2, 2, tzinfo=datetime.UTC)
WHEN = "2026年11月21日 10:02，"
BY = {"account": None, "person": "周敏", "at": AT}
# The sentences without the moment; what stands in the payload is as the services write it.
EXPECTED: list[tuple[str, dict[str, Any], str]] = [
    ("capture", {"captured_at": AT, "version": 2}, "系统将第2版收录为电子文件。"),
    (
        "late-capture",
        {"captured_at": AT, "version": 1, "reason": "对账发现漏录"},
        "系统补录第1版，理由：对账发现漏录。",
    ),
    ("rendition", {"finished_at": AT, "files": [{}, {}, {}]}, "系统生成3个归档文件。"),
    ("package", {"made_at": AT, "files": []}, "系统生成信息包的元数据、目录和说明文件。"),
    (
        "conversion",
        {"at": AT, "files": [{"name": "名册.pdf"}]},
        "系统将附件另存为 PDF/A，名册.pdf。",
    ),
    (
        "end",
        {**BY, "event": "withdraw", "ended_at": AT},
        "周敏撤下页面，电子文件继续保存。",
    ),
    ("end", {**BY, "event": "delete"}, "周敏删除页面，电子文件继续保存。"),
    (
        "intake",
        {
            "at": AT,
            "table": 3,
            "rule": 12,
            "clause": "党委会决议、纪要",
            "class": "TL9",
            "period": "D30",
            "due_on": datetime.date(2026, 12, 4),
            "state": "pool",
        },
        "系统将此件列入预归档库，适用归档范围表第3版第12条，依据：党委会决议、纪要，"
        "拟归入TL9 测试类目，保管期限30年，应于2026年12月4日前办结。",
    ),
    (
        "intake",
        {"at": AT, "table": 3, "rule": None, "clause": "", "class": None, "period": ""},
        "系统将此件列入预归档库，没有适用的条款。",
    ),
    (
        "intake",
        {"at": AT, "state": "superseded"},
        "系统未将此件列入预归档库，因为已有更新的版本。",
    ),
    (
        "apart",
        {"at": AT, "table": 3, "rule": 4, "clause": "重份文件", "kept_until": "2031-12-31"},
        "此件不属于归档范围，系统另行保存，适用归档范围表第3版第4条，依据：重份文件，"
        "保存至2031年12月31日。",
    ),
    (
        "correct",
        {
            **BY,
            "before": {"class": "TL9", "period": "D10", "unit": None, "access_level": "internal"},
            "after": {"class": "TL8", "period": "Y", "unit": "UNIT", "access_level": "internal"},
        },
        "周敏修改此件，类目由TL9 测试类目改为TL8，保管期限由10年改为永久，"
        "责任单位由无改为采煤一队党支部。",
    ),
    (
        "return",
        {**BY, "reason": "period", "remark": "应为永久", "due_on": datetime.date(2026, 12, 7)},
        "周敏退回此件，理由：保管期限错误；请补正：应为永久，应于2026年12月7日前补正。",
    ),
    ("return", {**BY, "reason": "other", "remark": ""}, "周敏退回此件，理由：其他原因。"),
    (
        "answer",
        {**BY, "answer": "已改", "due_on": datetime.date(2026, 12, 7)},
        "周敏补正后重新送交，说明：已改，应于2026年12月7日前办结。",
    ),
    (
        "accept",
        {**BY, "code": "Q001-WS·2026-D30-DQ02-0001", "period": "D30", "expires_on": "2056-12-31"},
        "周敏接收此件，档号Q001-WS·2026-D30-DQ02-0001，保管期限30年，至少保管至2056年12月31日。",
    ),
    (
        "accept",
        {**BY, "person": "", "by_rule": True, "code": "Q1", "period": "Y", "expires_on": None},
        "检测全部通过，系统按条款直接接收此件，档号Q1，保管期限永久。",
    ),
    ("supersede", {"at": AT, "by": "x"}, "接收前已有新版本，此版本不再归档。"),
    (
        "void-code",
        {**BY, "code": "Q1", "reason": "归错全宗"},
        "周敏撤销接收，档号Q1永久作废，理由：归错全宗。",
    ),
    (
        "bring-in",
        {**BY, "class": "TL9", "period": "D10", "reason": "属重要活动"},
        "周敏将此件补入预归档库，归入TL9 测试类目，保管期限10年，理由：属重要活动。",
    ),
    (
        "inspect",
        {**BY, "verdict": "pass", "outcomes": {"GD-1-1": "passed"}},
        "周敏进行四性检测，结果通过。",
    ),
    (
        "inspect",
        {"inspected_at": AT, "verdict": "fail", "outcomes": {"1-1": "failed", "1-2": "failed"}},
        "系统进行四性检测，结果不通过，不通过项目：1-1、1-2。",
    ),
    ("inspect", {"at": AT}, "系统进行四性检测。"),
    (
        "fixity-damage",
        {"at": AT, "name": "正文.pdf", "problem": "missing", "found": "存储中没有"},
        "固化检查发现文件损坏，正文.pdf，缺失，存储中没有。",
    ),
    (
        "repair",
        {"at": AT, "name": "正文.pdf", "source": "second store"},
        "损坏的文件已用完好副本修复，正文.pdf，从第二存储恢复。",
    ),
    (
        "seal",
        {"at": AT, "layer": 2, "signer": "档案室", "timestamped": True},
        "已封装签名，第2层，签名人：档案室，有时间戳。",
    ),
    (
        "access-level",
        {**BY, "from": "internal", "to": "controlled", "reason": "涉及个人信息"},
        "周敏调整控制标识，由内部改为控制，理由：涉及个人信息。",
    ),
    (
        "paper",
        {**BY, "box": "12", "shelf": "3-2-1", "sheets": 8, "remark": ""},
        "周敏登记纸质件，盒号12，架位3-2-1，共8页。",
    ),
    ("paper", {**BY, "removed": True, "remark": "x"}, "周敏登记已无纸质件。"),
    (
        "access-level",
        {"at": AT, "from": "internal", "to": "controlled", "clause": "第三条"},
        "系统调整控制标识，由内部改为控制，依据：第三条。",
    ),
    (
        "hold",
        {**BY, "until": "2027-06-30", "reason": "诉讼保全"},
        "周敏冻结了该档案，至2027年6月30日，理由：诉讼保全。",
    ),
    ("lift-hold", {**BY, "reason": "案件终结"}, "周敏解除了冻结，理由：案件终结。"),
    (
        "keep-longer",
        {**BY, "expires_on": "2036-12-31", "reason": "编史修志"},
        "经周敏鉴定，该档案延长保管，至少保管至2036年12月31日，理由：编史修志。",
    ),
    (
        "keep-longer",
        {**BY, "expires_on": None, "reason": "编史修志"},
        "经周敏鉴定，该档案延长保管，永久保管，理由：编史修志。",
    ),
    (
        "use-granted",
        {**BY, "purpose": "编写矿史", "until": "2026-12-01"},
        "周敏批准利用，目的：编写矿史，至2026年12月1日。",
    ),
    ("use", {**BY}, "周敏下载了利用件。"),
    ("destroy", {"at": AT, "reason": "保管期满"}, "此件已依法销毁，理由：保管期满。"),
    (
        "destroy",
        {
            "at": AT,
            "list": "销毁〔2026〕1号",
            "approved_by": "梁启岳",
            "witnesses": ["方正清", "林晓岚"],
        },
        "此件已依法销毁，依据销毁〔2026〕1号销毁清册，梁启岳批准，监销人：方正清、林晓岚。",
    ),
    (
        "teleported",
        {**BY, "reason": "未来版本", "remark": "见附注"},
        "周敏登记了事项“teleported”，理由：未来版本，说明：见附注。",
    ),
]


@pytest.fixture
def record() -> Record:
    ArchiveClass.objects.create(code="TL9", name="测试类目")
    unit = make_branch("采煤一队党支部")
    row = Record.objects.create(
        source_kind="page",
        source_id="900001",
        version=1,
        kind="activity",
        title="开展主题党日",
        unit=unit,
        business_date=AT.date(),
        year=2026,
        captured_at=AT,
        content_sha256="0" * 64,
    )
    Render.objects.create(record=row, status=RenderStatus.DONE, available_at=AT, finished_at=AT)
    return row


def with_unit(value: Any, unit_id: int | None) -> Any:
    if isinstance(value, dict):
        return {key: with_unit(inner, unit_id) for key, inner in value.items()}
    return unit_id if value == "UNIT" else value


def append(record: Record, kind: str, payload: dict[str, Any]) -> None:
    with transaction.atomic():
        ledger.append([ledger.Draft(kind, record.pk, with_unit(payload, record.unit_id))])


@pytest.mark.parametrize(("kind", "payload", "words"), EXPECTED)
def test_the_sentence_of_each_event(
    record: Record, kind: str, payload: dict[str, Any], words: str
) -> None:
    append(record, kind, payload)
    (event,) = timeline(record)
    assert event.words == words
    assert event.sentence == WHEN + words
    assert event.sequence == ledger.newest_sequence()


def test_every_kind_is_tried_and_every_kind_of_the_code_has_a_sentence() -> None:
    assert set(SENTENCES) <= {kind for kind, _payload, _words in EXPECTED}
    constants = re.compile(r"^([A-Z_]+) = \"([a-z-]+)\"$", re.MULTILINE)
    used = re.compile(r"(?:ledger\.)?Draft\(\s*\"?([A-Za-z_-]+)\"?")
    kinds = set()
    for path in Path(settings.BASE_DIR, "portal").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names = dict(constants.findall(text))
        kinds |= {names[name] for name in used.findall(text) if name in names}
    assert kinds - set(SENTENCES) == set()


def test_the_steps_before_the_capture_come_first(record: Record) -> None:
    at = AT.isoformat()
    process = [
        {"action": "draft", "account": 1, "person": "田小禾", "at": at, "remark": ""},
        {"action": "submit", "account": 1, "person": "田小禾", "at": at, "remark": "请审"},
        {"action": "approve", "account": 2, "person": "秦伯安", "at": at, "remark": "同意"},
        {"action": "publish", "account": 2, "person": "秦伯安", "at": None, "remark": ""},
        {"action": "take-over", "account": 2, "person": "周敏", "at": at, "remark": "补录"},
        {"action": "witness", "account": 2, "person": "秦伯安", "at": "never", "remark": ""},
    ]
    append(record, "capture", {"version": 1, "process": process})
    assert [event.sentence for event in timeline(record)] == [
        WHEN + "田小禾起草。",
        WHEN + "田小禾提交审核，说明：请审。",
        WHEN + "秦伯安审核通过，说明：同意。",
        "秦伯安发布。",
        WHEN + "周敏从纸质档案目录录入，补录。",
        "秦伯安登记了事项“witness”。",
        WHEN + "系统将第1版收录为电子文件。",
    ]
    assert set(STEPS) == {step["action"] for step in process} - {"witness"}


def test_who_is_looked_up_when_the_payload_has_the_account_only(record: Record) -> None:
    user = make_user(name="林晓岚")
    append(record, "end", {"event": "withdraw", "account": user.pk, "ended_at": AT})
    assert timeline(record)[0].words == "林晓岚撤下页面，电子文件继续保存。"


def test_an_erased_payload_leaves_the_event(record: Record) -> None:
    append(record, "accept", {**BY})
    EntryPayload.objects.all().delete()
    (event,) = timeline(record)
    assert event.sentence == "登记有事项“接收”，其内容已依法清除。"


@pytest.mark.parametrize("kind", sorted(SENTENCES))
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"at": "no date", "person": None, "account": "x", "files": 3, "process": ["x"]},
        {"before": "x", "after": 7, "unit": "x", "class": 9, "due_on": "9999-99-99", "rule": 0},
        {"outcomes": [], "failed_codes": "x", "reason": ["a"], "verdict": None, "period": "?"},
    ],
)
def test_a_payload_of_another_shape_breaks_nothing(
    record: Record, kind: str, payload: dict[str, Any]
) -> None:
    append(record, kind, payload)
    for event in timeline(record):
        assert event.sentence.endswith("。")


def test_the_number_of_queries_does_not_grow(record: Record) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            timeline(record)
        return len(captured)

    for kind, payload, _words in EXPECTED:
        append(record, kind, payload)
    few = queries()
    for kind, payload, _words in EXPECTED * 3:
        append(record, kind, payload)
    assert queries() == few
    assert few <= 6


def test_in_english_the_sentences_are_english(record: Record) -> None:
    append(record, "return", {**BY, "reason": "period", "remark": "permanent"})
    with override("en"):
        assert timeline(record)[0].words == (
            "周敏 returned the item, reason: Wrong retention period; please put right: permanent."
        )


def test_the_record_page_shows_sentences_and_the_numbers_of_entries(record: Record) -> None:
    append(record, "return", {**BY, "reason": "period", "remark": "应为<永久>"})
    client = Client()
    client.force_login(make_user("archivist"))
    text = client.get(f"/archives/records/{record.pk}/").content.decode()
    assert WHEN + "周敏退回此件，理由：保管期限错误；请补正：应为&lt;永久&gt;" in text
    assert f"账簿第 {ledger.newest_sequence()} 号" in text
    assert client.get(f"/archives/records/{uuid.uuid4()}/").status_code == 404

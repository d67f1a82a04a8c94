"""Completeness (完整性): GD-2-1 to GD-2-11."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.dateparse import parse_datetime

from portal.archives.capture import content_digest
from portal.archives.inspection import documents, metadata
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.formats import PDF, open_problem
from portal.archives.inspection.metadata import Needed
from portal.archives.inspection.outcomes import Finding, failed, judged, not_applicable, not_run
from portal.archives.models import (
    PACKAGE_ROLES,
    FileRole,
    IssuedCode,
    RecordState,
    ScopeTable,
)
from portal.archives.sources import UnknownSource, source

NO_METADATA = "元数据.xml 缺失或无法解析"
NO_FORM = "电子文件归档登记表缺失或无法解析"
# What must have happened before a page was captured; other sources say what they have.
STEPS: dict[str, tuple[str, ...]] = {"page": ("draft", "submit", "approve", "publish")}


def item_count(inspected: Inspected) -> Finding:
    """GD-2-1: items and files are as many as the registration form says."""
    form = inspected.registration
    if form is None:
        return failed([NO_FORM])
    items = sum(file.role == FileRole.DOCUMENT_COPY for file in inspected.content)
    found = {"件数": str(items), "文件数": str(len(inspected.content))}
    return judged(
        (
            f"{name}登记 {form.get(name) or '空'}，实有 {count}"
            for name, count in found.items()
            if form.get(name) != count
        ),
        f"1 件 {len(inspected.content)} 个文件，与登记表相符",
    )


def byte_count(inspected: Inspected) -> Finding:
    """GD-2-2: the bytes in the store are as many as the registration form says."""
    form = inspected.registration
    if form is None:
        return failed([NO_FORM])
    found = sum(
        stored.digests.size
        for file in inspected.content
        if (stored := inspected.stored(file)) is not None
    )
    sent = form.get("字节数", "")
    if sent != str(found):
        return failed([f"登记 {sent or '空'} 字节，实有 {found} 字节"])
    return judged([], f"{found} 字节，与登记表相符")


def elements_present(inspected: Inspected) -> Finding:
    """GD-2-3: every entity and every element of the scheme is in the metadata."""
    root = inspected.metadata
    if root is None:
        return failed([NO_METADATA])
    problems = [f"没有{name}" for name in metadata.REQUIRED_ENTITIES if root.find(name) is None]
    count = 0
    for entity in root:
        for element in metadata.ELEMENTS:
            if element.entity != entity.tag:
                continue
            count += 1
            if entity.find("/".join(element.path)) is None:
                problems.append(f"{entity.tag}缺 M{element.number} {element.name}")
    return judged(problems, f"{count} 项元数据齐全")


def required_elements(inspected: Inspected) -> Finding:
    """GD-2-4: what must have a value has one; code and item number from the acceptance on."""
    root = inspected.metadata
    if root is None:
        return failed([NO_METADATA])
    needed = {Needed.ALWAYS}
    if inspected.record.state not in (RecordState.CAPTURED, RecordState.APART):
        needed.add(Needed.WHEN_CLASSED)
    numbered = bool(inspected.record.archive_code) or inspected.record.state == RecordState.ACCEPTED
    if numbered:
        needed.add(Needed.WHEN_NUMBERED)
    required = [element for element in metadata.ELEMENTS if element.needed in needed]
    problems = []
    for element in required:
        for entity in root.findall(element.entity):
            found = entity.findall("/".join(element.path))
            if not found or any(not (one.text or "").strip() for one in found):
                problems.append(f"M{element.number} {element.name}为空")
    remark = "" if numbered else "；档号、件号在接收时赋予"
    return judged(problems, f"{len(required)} 个必填项都有值{remark}")


def process(inspected: Inspected) -> Finding:
    """GD-2-5: every step before the publication is known, with who and when."""
    if inspected.events.capture is None:
        return failed(["台账中没有可读的捕获记录"])
    events = inspected.process
    steps = [str(event.get("action")) for event in events]
    wanted = STEPS.get(inspected.record.source_kind, ())
    problems = [f"缺“{metadata.EVENT_NAMES[step]}”" for step in wanted if step not in steps]
    if not events:
        problems.append("没有任何过程信息")
    approved = "approve" in steps
    for event in events:
        name = metadata.EVENT_NAMES.get(str(event.get("action")), str(event.get("action")))
        # A publication at its scheduled time has no actor, but somebody approved it.
        scheduled = event.get("action") == "publish" and approved
        # A step that follows from a rule is answered for by the rule; who may stay unknown does.
        by_rule = bool(event.get("rule") or event.get("unsigned"))
        # Whoever acted in another system has no account here; that system answers for the name.
        known = event.get("person") and (event.get("account") or event.get("system"))
        if not known and not scheduled and not by_rule:
            problems.append(f"“{name}”没有责任人")
        if parse_datetime(str(event.get("at") or "")) is None:
            problems.append(f"“{name}”没有时间")
    words = "、".join(metadata.EVENT_NAMES.get(step, step) for step in steps)
    return judged(problems, f"{words}齐全，责任人和时间已知")


def continuity(inspected: Inspected) -> Finding:
    """GD-2-6: no number is missing inside the item, nor in its class up to its own number."""
    orders = [row.get("顺序号", "") for row in inspected.catalogue or []]
    wanted = [str(number) for number in range(1, len(orders) + 1)]
    problems = []
    if inspected.catalogue is None:
        problems.append("没有可读的文件目录")
    elif orders != wanted:
        problems.append(f"件内顺序号为 {'、'.join(orders)[:80]}，应为 1 至 {len(orders)}")
    own = IssuedCode.objects.filter(record=inspected.record, voided_at=None).first()
    if own is None:
        return judged(problems, f"件内顺序号 1 至 {len(orders)} 连续；尚无件号")
    series = IssuedCode.objects.filter(
        fonds=own.fonds_id,
        category=own.category,
        year=own.year,
        period=own.period,
        archive_class=own.archive_class_id,
        item_number__lte=own.item_number,
    ).order_by("item_number")
    numbers = set()
    for number, voided_at, reason in series.values_list("item_number", "voided_at", "void_reason"):
        numbers.add(number)
        if voided_at and not reason.strip():
            problems.append(f"件号 {number} 作废而没有理由")
    missing = [number for number in range(1, own.item_number + 1) if number not in numbers]
    if missing:
        words = "、".join(str(number) for number in missing[:10])
        problems.append(f"同类件号缺 {words}")
    return judged(problems, f"件内顺序号 1 至 {len(orders)}、同类件号 1 至 {own.item_number} 连续")


def contents(inspected: Inspected) -> Finding:
    """GD-2-7: every content file opens as a whole, and the text has the pages recorded."""
    problems = []
    for file in inspected.content:
        stored = inspected.stored(file)
        if stored is None:
            problems.append(f"{file.name} 不在库中")
            continue
        found = inspected.format_of(file)
        if found is None:
            problems.append(f"{file.name} 不是已知格式，打不开")
        elif stored.body is not None and (problem := open_problem(found, stored.body)):
            problems.append(f"{file.name} {problem}")
        elif file.role == FileRole.DOCUMENT_COPY and stored.body is not None:
            problems += _page_problems(inspected, found.code, stored.body)
    if not any(file.role == FileRole.DOCUMENT_COPY for file in inspected.content):
        problems.append("没有正文")
    pages = inspected.value("形式特征", "页数")
    large = sum(
        stored is not None and not stored.openable
        for stored in map(inspected.stored, inspected.content)
    )
    remark = f"；其中 {large} 个太大，只核对了格式和摘要" if large else ""
    return judged(problems, f"{len(inspected.content)} 个文件都能打开，正文 {pages} 页{remark}")


def _page_problems(inspected: Inspected, code: str, body: bytes) -> list[str]:
    if code != PDF.code:
        return ["正文不是 PDF"]
    found, recorded = documents.page_count(body), inspected.value("形式特征", "页数")
    return [] if str(found) == recorded else [f"正文 {found} 页，元数据为 {recorded or '空'} 页"]


def attachments(inspected: Inspected) -> Finding:
    """GD-2-8: every file that was published with the item is here."""
    if inspected.events.capture is None:
        return failed(["台账中没有可读的捕获记录"])
    published = [file for file in inspected.capture.get("files", []) if isinstance(file, dict)]
    rows = {(file.role, file.source_object_id): file for file in inspected.cited}
    problems = []
    for file in published:
        row = rows.pop((file.get("role", ""), file.get("object")), None)
        if row is None:
            problems.append(f"缺附件 {file.get('name')}")
        elif inspected.stored(row) is None:
            problems.append(f"附件 {row.name} 不在库中")
    problems += [f"{row.name} 不是发布时的附件" for row in rows.values()]
    if not problems and not published:
        return not_applicable("没有附件和图片")
    return judged(problems, f"{len(published)} 个附件和图片齐全")


def scope(inspected: Inspected) -> Finding:
    """GD-2-9: the table in force has a rule for the record, and it is what is published."""
    record = inspected.record
    if record.state == RecordState.APART:
        return not_applicable("不在归档范围内，单独存放")
    table = ScopeTable.objects.in_force()
    if table is None:
        return not_run("没有现行的归档范围和保管期限表")
    problems = []
    rule = next(
        (
            rule
            for rule in table.rules.in_order()
            if rule.fits(record.kind, record.subkind, record.title)
        ),
        None,
    )
    if rule is None:
        problems.append(f"范围表第 {table.number} 版没有适用于“{record.kind}”的条目")
    elif not rule.files and not (inspected.item and inspected.item.corrected):
        problems.append(f"范围表第 {table.number} 版规定不归档（{rule.description}）")
    problems += _reconciliation_problems(inspected)
    return judged(
        problems,
        f"适用范围表第 {table.number} 版第 {rule.position if rule else 0} 条；与发布内容一致",
    )


def _reconciliation_problems(inspected: Inspected) -> Iterator[str]:
    """Compare the newest version of something published with what is published now."""
    record = inspected.record
    if record.ended_at is not None or hasattr(record, "next"):
        return
    try:
        state = source(record.source_kind).state_of(record.source_id)
    except UnknownSource:
        yield f"来源“{record.source_kind}”没有登记"
        return
    if state is None:
        yield "已不再发布，而档案中没有撤下的记载"
    elif content_digest(state) != record.content_sha256:
        yield "现在发布的内容与本件不同，而没有新版本"


def package_metadata(inspected: Inspected) -> Finding:
    """GD-2-10: the metadata has every event, every actor and the version before."""
    root = inspected.metadata
    if root is None:
        return failed([NO_METADATA])
    problems = [
        f"缺{FileRole(role).label}" for role in PACKAGE_ROLES if inspected.document(role) is None
    ]
    events = len(root.findall(metadata.EVENT))
    if events != len(inspected.process):
        problems.append(f"业务实体 {events} 个，应为 {len(inspected.process)} 个")
    known = {agent.findtext("实体标识符") or "" for agent in root.findall(metadata.AGENT)}
    actors = {documents.agent_key(event) for event in inspected.process}
    problems += [f"缺机构人员实体 {key}" for key in sorted(actors - known)]
    relations = {
        relation.findtext("实体标识符") or "" for relation in root.findall(metadata.RELATION)
    }
    previous = str(inspected.capture.get("previous") or "")
    if previous and previous not in relations:
        problems.append("缺与上一版本的关系")
    return judged(problems, f"业务实体 {events} 个、机构人员实体 {len(known)} 个，齐全")


def package_contents(inspected: Inspected) -> Finding:
    """GD-2-11: metadata, catalogue, rows, store and ledger count the same content files."""
    catalogue = inspected.catalogue
    counts = {
        "台账": len(inspected.members),
        "登记": len(inspected.content),
        "库中": sum(inspected.stored(file) is not None for file in inspected.content),
        "元数据": len(inspected.attributes),
        "目录": len(catalogue) if catalogue is not None else 0,
    }
    words = "、".join(f"{place} {count}" for place, count in counts.items())
    if len(set(counts.values())) != 1:
        return failed([f"内容文件数不一致：{words}"])
    proven = {member.sha256 for member in inspected.members}
    listed = {row.get("SHA-256") for row in catalogue or []}
    return judged(
        ["目录所列摘要与台账不同"] if proven != listed else [], f"内容文件数一致：{words}"
    )

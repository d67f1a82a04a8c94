"""A whole standard as plain values: read from the rows of a draft or from a sealed snapshot.

What is published is computed from its snapshot, never from rows, so nothing that happens to
the tables afterwards changes what was promised.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone

from veterans.standards.answer_fields import YES_NO_CHOICES, AnswerField, Answers, AnswerType
from veterans.standards.conditions import Condition
from veterans.standards.vocabulary import FIELDS, field, values

Row = TypeVar("Row")
ALWAYS = Condition()


class SnapshotDamaged(RuntimeError):
    """The snapshot of a published version no longer has its check sum."""


@dataclass(frozen=True)
class Rule:
    """One condition of eligibility.

    Attributes:
        test: holds for whoever fulfils it.
        when: the rule is asked only where this holds.
        refuses: whether failing excludes; otherwise a person looks at it.
        met: the sentence when it is fulfilled; unmet: when it is not, with the reason.
    """

    id: int
    title: str
    test: Condition
    when: Condition
    refuses: bool
    met: str
    unmet: str
    clause: str


@dataclass(frozen=True)
class Amount:
    """One row of the table of amounts.

    Attributes:
        categories: codes of the categories it is for; none means all.
        method: fixed (amount × quantity), ratio (share of a sum), tier (share by bands) or
            in-kind (nothing in money).
        adds: comes on top of the row that fits first.
        base_field: the answer a ratio or the bands apply to, in yuan.
        deduct_field: an answer taken off the amount, or off the base.
        quantity_field: the answer the amount is multiplied with, at most `quantity`.
        quantity: the number the amount is multiplied with when nothing is asked.
        bands: upper end in yuan (None for the rest) and share of each band.
        cap_case, cap_year: the most in yuan for one case and for one person in a year.
        unit: what one amount is for: 月, 年, 次.
    """

    id: int
    label: str
    categories: tuple[str, ...]
    condition: Condition
    method: str
    adds: bool
    amount: Decimal
    ratio: Decimal
    deductible: Decimal
    base_field: str
    deduct_field: str
    quantity: int
    quantity_field: str
    bands: tuple[tuple[Decimal | None, Decimal], ...]
    cap_case: Decimal | None
    cap_year: Decimal | None
    unit: str
    note: str
    clause: str


@dataclass(frozen=True)
class Material:
    """One paper to bring or to photograph."""

    id: int
    code: str
    name: str
    need: str
    condition: Condition
    formats: str
    sample: str
    issued_by: str
    exempt_when_on_file: bool
    valid_months: int | None
    note: str
    clause: str

    def is_wanted(self, answers: Answers, asked: set[str], on: datetime.date) -> bool:
        """Whether these answers call for it; what cannot be told yet is listed.

        Args:
            asked: codes of the questions the answers call for; a condition on what is never
                asked of this person does not hold.
        """
        holds = self.condition.holds(values(answers), on)
        if holds is None:
            sources = field(self.condition.field).sources or (self.condition.field,)
            return asked.issuperset(sources)
        return holds


@dataclass(frozen=True)
class Step:
    """One step of the way, as the applicant sees it."""

    id: int
    name: str
    role: str
    working_days: int | None
    description: str
    clause: str


@dataclass(frozen=True)
class Limit:
    """How long a stage may take, with the clause it rests on."""

    stage: str
    days: int
    working: bool
    clause: str


@dataclass(frozen=True)
class Question:
    """A plain question to the applicant.

    Attributes:
        type: choice, number, date or yes-no.
        choices: codes and words.
        asked_when: asked if one of these holds; none means always.
        standard_field: the field of the vocabulary behind it.
    """

    code: str
    label: Any
    help: Any
    type: str
    choices: tuple[tuple[str, Any], ...]
    unit: Any
    asked_when: tuple[Condition, ...]
    standard_field: AnswerField

    def is_asked(self, answers: Answers, on: datetime.date | None = None) -> bool:
        """Whether the answers so far call for this question."""
        if not self.asked_when:
            return True
        known = values(answers)
        day = on or timezone.localdate()
        return any(condition.holds(known, day) is True for condition in self.asked_when)


@dataclass(frozen=True)
class Standard:
    """Everything a version of a standard says."""

    item_code: str
    item_name: str
    number: int
    region: str
    region_name: str
    effective_from: datetime.date
    document_number: str
    basis: str
    people: str
    guide: str
    payment: str
    place: str
    phone: str
    hours: str
    channels: str
    applies_to_open_cases: bool
    rules: tuple[Rule, ...]
    amounts: tuple[Amount, ...]
    materials: tuple[Material, ...]
    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    # Snapshots of before this could be said mean once a year.
    repeats: str = "year"

    @property
    def pays_money(self) -> bool:
        """Whether any row grants money, so that an account is needed."""
        return any(row.method != "in-kind" for row in self.amounts)

    def period(self, year: int, answers: Answers, case_key: str) -> str:
        """Return the name of what may be granted once: the year, with more where it repeats.

        It begins with the year, because the caps of a year count all that begin so.

        Args:
            case_key: something of the case that no other case has.
        """
        if self.repeats == "case":
            return f"{year}-{case_key}"
        if self.repeats == "occasion":
            return f"{year}-{answers.get('occasion', '')}"
        return str(year)

    def limit(self, stage: str) -> Limit | None:
        """Return the time limit of a stage, None where the standard sets none."""
        return next((limit for limit in self.limits if limit.stage == stage), None)

    def questions(self) -> list[Question]:
        """Return what an applicant is asked, in the order of the vocabulary."""
        wanted = _questions_wanted(self)
        return [
            Question(
                code=one.code,
                label=one.label,
                help=one.help,
                type=one.type.value,
                choices=_offered(one),
                unit=one.unit,
                asked_when=wanted[one.code],
                standard_field=one,
            )
            for one in FIELDS.values()
            if one.code in wanted
        ]

    def relevant(self, answers: Answers, on: datetime.date) -> dict[str, Any]:
        """Return the answers without those to questions that the others do not call for.

        Who changes an earlier answer leaves later ones behind that mean nothing any more.
        """
        left = dict(answers)
        questions = self.questions()
        while True:
            asked = {one.code for one in questions if one.is_asked(left, on)}
            kept = {code: answer for code, answer in left.items() if code in asked}
            if kept.keys() == left.keys():
                return kept
            left = kept

    def materials_for(self, answers: Answers, on: datetime.date) -> list[Material]:
        """Return the materials these answers call for, in their order."""
        left = self.relevant(answers, on)
        asked = {one.code for one in self.questions() if one.is_asked(left, on)}
        return [one for one in self.materials if one.is_wanted(left, asked, on)]

    def canonical(self) -> str:
        """Return the content as JSON whose text is the same for the same content."""
        return json.dumps(
            dataclasses.asdict(self),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            default=_plain_json,
        )

    def sha256(self) -> str:
        """Return the check sum of the content in hexadecimal digits."""
        return check_sum(self.canonical())


def check_sum(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain_json(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value))


def _offered(one: AnswerField) -> tuple[tuple[str, Any], ...]:
    return YES_NO_CHOICES if one.type is AnswerType.YES_NO else one.choices


def _questions_wanted(standard: Standard) -> dict[str, tuple[Condition, ...]]:
    """Return the fields in use, each with the conditions under which it matters."""
    uses: dict[str, list[Condition]] = {}

    def use(code: str, when: Condition) -> None:
        if not code:
            return
        for source in field(code).sources or (code,):
            needed = field(source).depends_on
            if needed is not None and when.field != needed[0]:
                use(needed[0], ALWAYS)
                when = Condition(needed[0], "in", needed[1])
            uses.setdefault(source, []).append(when)

    for rule in standard.rules:
        use(rule.when.field, ALWAYS)
        use(rule.test.field, rule.when)
    for row in standard.amounts:
        of_row = ALWAYS
        if row.categories:
            use("category", ALWAYS)
            of_row = Condition("category", "in", ",".join(row.categories))
        use(row.condition.field, of_row)
        for code in (row.base_field, row.quantity_field, row.deduct_field):
            use(code, row.condition or of_row)
    for material in standard.materials:
        use(material.condition.field, ALWAYS)
    return {
        code: () if ALWAYS in conditions else tuple(dict.fromkeys(conditions))
        for code, conditions in uses.items()
    }


# ---- Reading a snapshot back


def from_canonical(text: str) -> Standard:
    """Return the standard that a snapshot holds."""
    raw = json.loads(text)
    raw["effective_from"] = datetime.date.fromisoformat(raw["effective_from"])
    raw["rules"] = _rows(Rule, raw["rules"], conditions=("test", "when"))
    raw["amounts"] = tuple(_amount(row) for row in raw["amounts"])
    raw["materials"] = _rows(Material, raw["materials"], conditions=("condition",))
    raw["steps"] = _rows(Step, raw["steps"])
    raw["limits"] = _rows(Limit, raw["limits"])
    return Standard(**raw)


def _rows(
    kind: type[Row], rows: Iterable[dict[str, Any]], conditions: Sequence[str] = ()
) -> tuple[Row, ...]:
    return tuple(
        kind(**row | {name: Condition(**row[name]) for name in conditions}) for row in rows
    )


def _amount(row: dict[str, Any]) -> Amount:
    def number(name: str) -> Decimal | None:
        return None if row[name] is None else Decimal(row[name])

    return Amount(
        **row
        | {name: Decimal(row[name]) for name in ("amount", "ratio", "deductible")}
        | {name: number(name) for name in ("cap_case", "cap_year")}
        | {
            "condition": Condition(**row["condition"]),
            "categories": tuple(row["categories"]),
            "bands": tuple(
                (None if end is None else Decimal(end), Decimal(share))
                for end, share in row["bands"]
            ),
        }
    )

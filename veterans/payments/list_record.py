"""The further years of a payment list as an archive source (发放清单续发部分).

The case file of an application was closed after its first payment and never changes. What is paid
later leaves its record with the list it was paid in: a register by which one sum was ordered from
the budget, signed by who made and who booked it. It is written by the transaction that finishes
the last of its further years; rows of approved cases stand in their own case files.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import override, pgettext_lazy

from portal.archives.kept_source import KeptSource
from portal.archives.models import AccessLevel
from portal.archives.responsible_unit import responsible_unit
from portal.archives.sources import CapturedState, ContentPart
from portal.archives.sources import register as register_source
from portal.personal_data.masking import masked_bank_card
from veterans.models import Payment, PaymentList
from veterans.models.applications import PaymentState
from veterans.payments.further_years import SOURCE_KIND, words_of

KIND_NAME = pgettext_lazy("archive", "Further years of a payment list")


def _rows(using: str) -> Any:
    return Payment.objects.using(using).of_further_years()


def _finished(using: str) -> Any:
    """Return the lists with further years of which none is on its way any more."""
    of_list = _rows(using).filter(list_row__list=OuterRef("pk"))
    return PaymentList.objects.using(using).filter(
        Exists(of_list), ~Exists(of_list.filter(state=PaymentState.ORDERED))
    )


def _row(payment: Payment) -> dict[str, Any]:
    application = payment.application
    return {
        "case": application.case.number,
        "name": application.name,
        "year": words_of(payment),
        "standard": f"{payment.version}（校验值 {payment.version.snapshot_sha256}）"
        if payment.version
        else "",
        "trace": payment.trace,
        "bank": payment.account_bank,
        "card": masked_bank_card(payment.account_card),
        "amount": f"{payment.amount:f}",
        "state": str(payment.get_state_display()),
        "reason": payment.reason,
        "finished_by": str(payment.finished_by or ""),
        "finished_on": timezone.localdate(payment.finished_at).isoformat()
        if payment.finished_at
        else "",
    }


def _event(action: str, user: Any, at: Any) -> dict[str, Any]:
    return {
        "action": action,
        "account": user.pk,
        "person": str(user),
        "at": at.isoformat(),
        "remark": "",
    }


def _state(made: PaymentList, using: str) -> CapturedState:
    rows = list(
        _rows(using)
        .filter(list_row__list=made)
        .select_related("application__case", "version__item", "finished_by__person__unit")
        .order_by("finished_at", "pk")
    )
    last = rows[-1]
    finished_at = last.finished_at or made.made_at
    unit = responsible_unit((made.made_by, last.finished_by), using)
    with override("zh-hans"):
        content = {
            "model": SOURCE_KIND,
            "number": made.number,
            "item": made.item.name,
            "made_by": str(made.made_by),
            "made_on": timezone.localdate(made.made_at).isoformat(),
            "rows": [_row(payment) for payment in rows],
        }
        shown = {"kind_name": str(KIND_NAME), "unit_name": unit.name if unit else ""}
        process = [_event("编制发放清单", made.made_by, made.made_at)]
        process += [
            _event(
                f"{payment.get_state_display()}（{payment.application.case.number}）",
                payment.finished_by,
                payment.finished_at,
            )
            for payment in rows
        ]
    return CapturedState(
        kind=SOURCE_KIND,
        title=f"{made.item.name}续发清单 {made.number}",
        business_date=timezone.localdate(finished_at),
        content=content,
        shown=shown,
        unit_id=unit.pk if unit else None,
        reference=made.number,
        process=process,
        actor_id=last.finished_by_id,
        access_level=AccessLevel.CONTROLLED,
    )


def _words(row: dict[str, Any]) -> str:
    lines = [
        f"{row['name']}，{row['year']}，{row['amount']}元，{row['bank']} {row['card']}",
        f"适用标准：{row['standard']}",
        *row["trace"],
        f"{row['state']}，{row['finished_on']}，{row['finished_by']}",
        row["reason"],
    ]
    return "\n".join(line for line in lines if line)


class PaymentListSource(KeptSource):
    """Every payment list whose further years are all finished."""

    kind: ClassVar[str] = SOURCE_KIND

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {SOURCE_KIND: KIND_NAME}

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the names of those who were paid."""
        return [row["name"] for row in payload["content"]["rows"]]

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return the list and each of its further years as readable text."""
        content = payload["content"]
        return [
            ContentPart("number", "清单编号", content["number"]),
            ContentPart("item", "事项", content["item"]),
            ContentPart("made", "编制", f"{content['made_by']}，{content['made_on']}"),
            *(
                ContentPart(f"row-{place}", row["case"], _words(row))
                for place, row in enumerate(content["rows"], start=1)
            ),
        ]

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the list; None while one of its further years is on its way."""
        found = _finished(using).filter(pk=int(source_id))
        made = found.select_related("item", "made_by__person__unit").first()
        return _state(made, using) if made is not None else None

    def title_of(self, source_id: str) -> str:
        """Return the number of a list."""
        made = PaymentList.objects.filter(pk=int(source_id)).first()
        return str(made) if made is not None else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all lists whose further years are finished."""
        return {str(pk) for pk in _finished(using).values_list("pk", flat=True)}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(PaymentListSource())

"""Two act at the same moment: a right ends, a code is used, a benefit is confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from portal.cases.models import Case
from portal.cases.refusals import NotYourTurn
from portal.people.models import User
from portal.refusals import ChangedMeanwhile
from tests.factories.beneficiaries import (
    entrust,
    fill,
    make_account,
    make_agent,
    make_beneficiary,
    make_keeper,
)
from tests.factories.standards import housing, published
from tests.infrastructure.at_once import together
from veterans.applications import services
from veterans.beneficiaries import entry, invitations, representatives
from veterans.models import Invitation, Representation

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def today(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


def test_a_delegate_hands_in_before_the_right_ends_or_not_at_all() -> None:
    published()
    keeper = make_keeper()
    mother = make_beneficiary(keeper)
    account, agent = make_account(mother), make_agent()
    assert agent.person is not None
    right = entrust(keeper, mother, agent.person)
    draft = entry.start_as(right.pk, housing(), agent)
    mother.bank_name, mother.bank_card = "岚川储蓄银行", "6200000000000000018"
    mother.save()
    draft = fill(draft, agent)
    results = together(
        lambda: services.hand_in(draft, agent),
        lambda: representatives.revoke(right.pk, account),
    )
    case = Case.objects.get(pk=draft.pk)
    ended = Representation.objects.get(pk=right.pk).revoked_at
    assert ended is not None
    if isinstance(results[0], NotYourTurn):
        assert case.is_draft
    else:
        assert case.submitted_at is not None, results
        assert case.submitted_at <= ended
    assert not Case.objects.visible_to(agent).exists()


def test_a_code_makes_one_account() -> None:
    keeper = make_keeper()
    row, _code = invitations.invite(make_beneficiary(keeper).pk, keeper)
    results = together(
        *(lambda: invitations.use(Invitation.objects.get(pk=row.pk), "青石梁-2026-灯火"),) * 2
    )
    assert sum(isinstance(one, User) for one in results) == 1, results
    assert sum(isinstance(one, ChangedMeanwhile) for one in results) == 1, results


def test_two_who_are_invited_get_two_numbers() -> None:
    keeper = make_keeper()
    rows = [invitations.invite(make_beneficiary(keeper, n).pk, keeper)[0] for n in ("甲月", "乙月")]
    results = together(
        *(lambda row=row: invitations.use(row, "青石梁-2026-灯火").username for row in rows)
    )
    assert sorted(map(str, results)) == ["J30001", "J30002"]

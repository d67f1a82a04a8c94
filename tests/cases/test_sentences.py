"""Every sentence the applicant reads has at most 25 characters, in every state of every flow."""

from __future__ import annotations

import datetime
import itertools
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from portal.cases.clock import Limit, Pause
from portal.cases.flow import Flow, flows
from portal.cases.models import Case
from portal.cases.status import LONGEST_SENTENCE, status_of
from tests.factories.cases import MATTER

pytestmark = pytest.mark.django_db

# The longest date there is, so that no other one makes a sentence longer.
TODAY = datetime.date(2026, 12, 23)
FLOWS = {flow.code: flow for flow in (*flows(), MATTER)}
STATES = [(flow.code, state.code) for flow in FLOWS.values() for state in flow.states]


def sentences(text: str) -> list[str]:
    plain = re.sub(r"\s+", "", strip_tags(text))
    return [one for one in re.split(r"(?<=[。！？；])", plain) if one]


def clock(
    flow: Flow, code: str, days: int, *, paused: bool = False, estimated: bool = False
) -> Any:
    """Return what a clock looks like to the page, without a database row."""
    row = flow.clock(code)
    pauses = [SimpleNamespace(since=TODAY, until=None)] if paused else []
    limit = Limit(TODAY - datetime.timedelta(days=1), 1 + max(days, 0), row.kind)
    return SimpleNamespace(
        code=code,
        kind=row.kind.value,
        of_applicant=row.of_applicant,
        ended_on=None,
        due_on=None if paused else TODAY + datetime.timedelta(days=days),
        estimated=estimated,
        pauses=SimpleNamespace(all=lambda: pauses),
        limit=lambda: Limit(
            limit.started_on,
            limit.days,
            row.kind,
            pauses=[Pause(pause.since, pause.until) for pause in pauses],
        ),
    )


def every_situation(flow: Flow, code: str) -> list[list[Any]]:
    """Return no clock, running ones, one on its last day, late ones, estimated and paused."""
    own = flow.state(code).clock
    if not own:
        return [[]]
    running = [[clock(flow, own, days)] for days in (365, 12, 1, 0, -1, -120)]
    estimated = [[clock(flow, own, 300, estimated=True)]]
    others = [
        clock(flow, other.code, 10, paused=True) for other in flow.clocks if other.code != own
    ]
    return [[], *running, *estimated, [clock(flow, own, 5, paused=True)], [*running[0], *others]]


@pytest.mark.parametrize(("flow_code", "state"), STATES)
def test_every_state_says_short_sentences(flow_code: str, state: str) -> None:
    flow = FLOWS[flow_code]
    with override("zh-hans"):
        for clocks in every_situation(flow, state):
            case = Case(flow=flow_code, state=state, sequence=1)
            status = status_of(case, clocks, TODAY)
            head = status.headline if status.is_final else f"现在轮到：{status.headline}"
            assert status.todo, f"{state} says nothing of what to do"
            for text in (head, status.todo, *status.sentences):
                for sentence in sentences(text):
                    assert len(sentence) <= LONGEST_SENTENCE, sentence
                    assert not re.search(r"[A-Za-z]{2,}", sentence), sentence


@pytest.mark.parametrize("flow_code", sorted(FLOWS))
def test_every_line_of_the_time_line_is_short(flow_code: str) -> None:
    flow = FLOWS[flow_code]
    with override("zh-hans"):
        texts = itertools.chain(
            (row.applicant_reads for row in flow.transitions), (step.name for step in flow.steps)
        )
        for text in texts:
            for sentence in sentences(str(text)):
                assert len(sentence) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize("flow_code", sorted(FLOWS))
def test_every_state_that_waits_names_a_party_and_what_to_do(flow_code: str) -> None:
    for state in FLOWS[flow_code].states:
        if state.final:
            assert state.outcome, state.code
        else:
            assert state.party, state.code
            assert state.todo, state.code
            assert FLOWS[flow_code].party(state.party).turn, state.code

"""The mutation bench: every declared damage is found by the check that was declared for it."""

from __future__ import annotations

import dataclasses
import os
import random
from collections import Counter
from typing import Any

import pytest

from portal.archives.inspection.outcomes import passed
from portal.archives.inspection.table import CHECKS
from tests.archives.mutations import authenticity, completeness, usability
from tests.archives.mutations.bench import Bench, Mutation, Scanner, run, unnoticed
from tests.archives.mutations.intact import accepted, full_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ALL: list[Mutation] = [
    *authenticity.MUTATIONS,
    *completeness.MUTATIONS,
    *usability.MUTATIONS,
]
# Codes that say nothing of a record here: the unknown one and those of offline media.
WITHOUT_DAMAGE = {"1-9", "4-4", "4-5", "4-6"}


@pytest.fixture
def scanner(tmp_path, settings) -> Any:
    """A virus scanner that answers."""
    answering = Scanner(tmp_path / "clamd.ctl")
    answering.start()
    settings.CLAMD_ADDRESS = answering.address
    yield answering
    answering.close()


@pytest.fixture
def benches(tmp_path, settings, scanner) -> dict[bool, Bench]:
    """Two intact records: one in the pool, one accepted as the third number of its class."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    waiting = full_record()
    for number in (1, 2):
        accepted(full_record(f"主题党日（{number}）"))
    numbered = accepted(full_record("采煤一队召开支部党员大会"))
    return {False: Bench(waiting), True: Bench(numbered)}


def missed(benches: dict[bool, Bench], mutations: list[Mutation], settings: Any) -> list[str]:
    """Run mutations on the record each of them needs; return what was not found."""
    address, lines = settings.CLAMD_ADDRESS, []
    for mutation in mutations:
        lines += run(benches[mutation.numbered], [mutation]).missed
        settings.CLAMD_ADDRESS = address
    return lines


def test_every_implemented_code_has_declared_damages():
    counted = Counter(mutation.code for mutation in ALL)
    assert set(counted) == set(CHECKS) - WITHOUT_DAMAGE
    assert len(ALL) >= 40
    assert len({(mutation.code, mutation.name) for mutation in ALL}) == len(ALL)


def test_the_bench_finds_every_damage_and_is_red_without_its_check(benches, settings, monkeypatch):
    for bench in benches.values():
        assert unnoticed(bench) == []
    assert missed(benches, ALL, settings) == []
    for bench in benches.values():
        assert unnoticed(bench) == [], "everything was put back"

    # Each check in turn is taken out: its damages, and only for that reason, are not found.
    chosen = ALL
    if os.environ.get("PORTAL_FAULTS") != "full":
        order = random.Random(20_261_122)
        by_code = {code: [m for m in ALL if m.code == code] for code in CHECKS}
        chosen = [order.choice(declared) for declared in by_code.values() if declared]
    for code, check in CHECKS.items():
        own = [mutation for mutation in chosen if mutation.code == code]
        with monkeypatch.context() as removed:
            without = dataclasses.replace(check, implementation=lambda inspected: passed("无"))
            removed.setitem(CHECKS, code, without)
            assert len(missed(benches, own, settings)) == len(own), code

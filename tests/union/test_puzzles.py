"""Proof of work and the question instead of it: ten minutes, one use."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories.unsigned import solved
from tests.infrastructure.at_once import failures, together
from union.anonymity import puzzles
from union.anonymity.puzzles import PuzzleSpent
from union.models import SpentChallenge


def work(nonce: str, bits: int) -> str:
    number = 0
    while not puzzles.is_solution(nonce, bits, str(number)):
        number += 1
    return str(number)


def test_work_is_a_number_whose_digest_begins_with_zeros() -> None:
    found = work("ab" * 16, 10)
    digest = hashlib.sha256(f"{'ab' * 16}:{found}".encode()).digest()
    assert int.from_bytes(digest, "big") >> (256 - 10) == 0
    assert not puzzles.is_solution("ab" * 16, 10, f"{int(found) + 1}")


@pytest.mark.parametrize("solution", ["", "x" * 21, "１２", "0" * 21])
def test_a_strange_solution_is_none(solution: str) -> None:
    assert not puzzles.is_solution("ab" * 16, 4, solution)


def test_a_solved_challenge_counts(settings: Any) -> None:
    settings.OPINION_PUZZLE_BITS = 8
    challenge = puzzles.new_challenge()
    assert puzzles.is_solved(challenge.token, work(challenge.nonce, challenge.bits), "")


def test_the_question_is_in_words_and_full_width_digits_count() -> None:
    challenge = puzzles.new_challenge()
    first, second = puzzles._sum_of(challenge.nonce)
    assert puzzles._in_words(first) in challenge.question
    assert not any(letter.isdigit() for letter in challenge.question)
    answer = str(first + second)
    assert puzzles.is_solved(challenge.token, "", answer)
    assert puzzles.is_solved(
        challenge.token, "", f" {answer.translate({48 + n: 0xFF10 + n for n in range(10)})} "
    )
    assert not puzzles.is_solved(challenge.token, "", str(first + second + 1))
    assert not puzzles.is_solved(challenge.token, "", "²")


@pytest.mark.parametrize(
    ("number", "words"),
    [(2, "二"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (29, "二十九")],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert puzzles._in_words(number) == words


def test_a_challenge_ends_after_ten_minutes(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00:00+08:00", tick=False)
    fields = solved()
    time_machine.move_to("2026-11-23 09:09:59+08:00", tick=False)
    assert puzzles.is_solved(fields["challenge"], "", fields["answer"])
    time_machine.move_to("2026-11-23 09:10:01+08:00", tick=False)
    assert not puzzles.is_solved(fields["challenge"], "", fields["answer"])


@pytest.mark.parametrize(
    "change", [lambda token: token[:-2], lambda token: "x" + token, lambda _t: ""]
)
def test_a_forged_challenge_is_none(change: Any) -> None:
    fields = solved()
    assert not puzzles.is_solved(change(fields["challenge"]), "", fields["answer"])


def test_puzzles_become_harder_when_more_comes_in_than_usual(settings: Any) -> None:
    easy = puzzles.new_challenge().bits
    cache.set(puzzles._count_key(), puzzles.USUAL_PER_HOUR * 4)
    assert puzzles.new_challenge().bits == easy + 2
    cache.set(puzzles._count_key(), puzzles.USUAL_PER_HOUR * 4000)
    assert puzzles.new_challenge().bits == easy + puzzles.HARDEST_EXTRA_BITS


@pytest.mark.database
@pytest.mark.django_db
def test_a_challenge_is_used_once_and_leaves_the_day_alone() -> None:
    fields = solved()
    puzzles.spend(fields["challenge"])
    with pytest.raises(PuzzleSpent):
        puzzles.spend(fields["challenge"])
    row = SpentChallenge.objects.get()
    assert row.day == timezone.localdate()
    assert row.pk.bit_length() <= 63
    assert {field.name for field in SpentChallenge._meta.fields} == {"id", "day"}


@pytest.mark.django_db
def test_challenges_of_earlier_days_are_forgotten(time_machine: Any) -> None:
    time_machine.move_to("2026-11-20 09:00+08:00")
    puzzles.spend(solved()["challenge"])
    time_machine.move_to("2026-11-22 09:00+08:00")
    puzzles.spend(solved()["challenge"])
    puzzles.forget_spent()
    assert [row.day.day for row in SpentChallenge.objects.all()] == [22]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_one_challenge_used_at_once_counts_once() -> None:
    token = solved()["challenge"]
    results = together(*[lambda: puzzles.spend(token)] * 6)
    assert len(failures(results)) == 5
    assert {type(error) for error in failures(results)} == {PuzzleSpent}
    assert SpentChallenge.objects.count() == 1

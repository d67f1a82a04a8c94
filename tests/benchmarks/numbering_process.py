"""One writer of the numbering benchmark: takes numbers in transactions, some of them rolled back.

``NUMBERS SEED``: waits for a line of input, then takes so many numbers that stay, and prints how
many transactions were rolled back on the way.
"""

from __future__ import annotations

import random
import sys

import django

ROLLED_BACK = 0.1


class Interrupted(Exception):
    """A transaction that is given up on purpose after it took its number."""


def take(numbers: int, seed: int) -> int:
    """Issue codes to records of this writer's own; return how many transactions were undone."""
    from django.db import connection, transaction

    from portal.archives.models import Record
    from portal.archives.numbering.services import issue
    from tests.factories.archives import bare_record

    records = [bare_record() for _ in range(numbers)]
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    chance, undone = random.Random(seed), 0
    for record in records:
        while True:
            try:
                with transaction.atomic():
                    code = issue(record, "D30", "DQ02")
                    Record.objects.filter(pk=record.pk).update(archive_code=code.code)
                    if chance.random() < ROLLED_BACK:
                        raise Interrupted
            except Interrupted:
                undone += 1
                continue
            break
    return undone


def main(arguments: list[str]) -> int:
    """Run one writer."""
    django.setup()
    print(take(int(arguments[0]), int(arguments[1])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The form of sealed files: everything that can happen to the bytes is found."""

from __future__ import annotations

import io
import os
import tracemalloc
import uuid
from collections.abc import Callable

import pytest

from portal.archives.access import stream
from portal.archives.access.refusals import SealBroken

RECORD, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
KEY = bytes(range(32))
PIECE = stream.PIECE_BYTES
STEP = PIECE + stream.TAG_BYTES
BODY = os.urandom(3 * PIECE + 1000)


def sealed(body: bytes, key: bytes = KEY, record: uuid.UUID = RECORD) -> bytes:
    return b"".join(stream.seal([body], key, record))


def opened(closed: bytes, key: bytes = KEY, record: uuid.UUID = RECORD, **part: int) -> bytes:
    return b"".join(stream.unseal(io.BytesIO(closed), key, record, **part))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 1000])
def test_any_size_comes_back_and_is_known_from_the_length(size):
    closed = sealed(BODY[:size])
    assert opened(closed) == BODY[:size]
    assert stream.plain_size(io.BytesIO(closed)) == size
    if size > 16:
        assert BODY[:16] not in closed


@pytest.mark.parametrize("cut", [1, 1000, PIECE, 300_000])
def test_the_pieces_do_not_depend_on_how_the_bytes_arrive(cut):
    chunks = [BODY[start : start + cut] for start in range(0, 400_000, cut)]
    whole = b"".join(chunks)
    assert opened(b"".join(stream.seal(chunks, KEY, RECORD))) == whole


def test_the_same_file_is_never_sealed_the_same_way_twice():
    assert sealed(BODY) != sealed(BODY)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *((0, 1), (0, PIECE), (PIECE - 1, PIECE + 1), (PIECE, 2 * PIECE), (5, 3 * PIECE + 7)),
        *((3 * PIECE, len(BODY)), (len(BODY) - 1, len(BODY)), (0, len(BODY))),
    ],
)
def test_a_part_is_read_without_the_rest(start, end):
    assert opened(sealed(BODY), start=start, end=end) == BODY[start:end]


def test_a_part_at_the_end_does_not_read_what_is_before_it():
    closed = bytearray(sealed(BODY))
    closed[stream.HEADER_BYTES + 5] ^= 1
    assert opened(bytes(closed), start=3 * PIECE) == BODY[3 * PIECE :]
    with pytest.raises(SealBroken):
        opened(bytes(closed))


def piece(number: int) -> slice:
    begin = stream.HEADER_BYTES + number * STEP
    return slice(begin, begin + STEP)


def flipped(place: int) -> Callable[[bytes], bytes]:
    return lambda closed: closed[:place] + bytes([closed[place] ^ 1]) + closed[place + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the magic": flipped(0),
    "a bit of the salt": flipped(12),
    "a bit of the piece size": flipped(stream.HEADER_BYTES - 1),
    "a bit of the text": flipped(stream.HEADER_BYTES + 100),
    "a bit of a tag": flipped(stream.HEADER_BYTES + STEP - 1),
    "a bit of the last piece": flipped(-1 % (stream.HEADER_BYTES + 3 * STEP + 1016)),
    "nothing left": lambda closed: b"",
    "the header only": lambda closed: closed[: stream.HEADER_BYTES],
    "cut in a piece": lambda closed: closed[:-500],
    "cut at the end of a piece": lambda closed: closed[: piece(2).stop],
    "cut to the first piece": lambda closed: closed[: piece(0).stop],
    "something added": lambda closed: closed + b"x",
    "a piece added": lambda closed: closed + closed[piece(2)],
    "two pieces exchanged": lambda closed: (
        closed[: piece(0).start] + closed[piece(1)] + closed[piece(0)] + closed[piece(2).start :]
    ),
    "a piece left out": lambda closed: closed[: piece(1).start] + closed[piece(1).stop :],
    "a piece twice": lambda closed: closed[: piece(1).stop] + closed[piece(1).start :],
    "the end of another file": lambda closed: closed[: piece(2).stop] + sealed(BODY)[-1016:],
    "a piece of another file": lambda closed: (
        closed[: piece(1).start] + sealed(BODY)[piece(1)] + closed[piece(1).stop :]
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_happens_to_the_bytes_is_found(damage):
    with pytest.raises(SealBroken):
        opened(DAMAGE[damage](sealed(BODY)))


def test_a_file_belongs_to_its_record_and_key():
    closed = sealed(BODY)
    with pytest.raises(SealBroken):
        opened(closed, record=OTHER)
    with pytest.raises(SealBroken):
        opened(closed, key=bytes(32))


def test_memory_stays_flat():
    def chunks():
        for _number in range(64):
            yield bytes(1024 * 1024)

    path = io.BytesIO()
    tracemalloc.start()
    size = 0
    for part in stream.seal(chunks(), KEY, RECORD):
        size += len(part)
        if len(part) < stream.HEADER_BYTES:
            path.write(part)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 64 * 1024 * 1024
    assert peak < 8 * 1024 * 1024

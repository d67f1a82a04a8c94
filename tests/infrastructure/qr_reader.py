"""Reads a QR code back from a drawn page: what a phone sees, not what was meant to be drawn.

Only for upright codes on clean pages, as PDFs give them. What is read is drawn anew and compared
module by module, so a single wrong module is noticed without any error correction.
Source: ISO/IEC 18004, 6.3 (finder patterns), 7.6 (codewords), 7.8 (masks), 7.9 (format).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import segno
from PIL import Image
from segno import consts

Matrix = list[list[bool]]
_FORMAT_MASK = 0b101010000010010
_LEVELS = {1: "l", 0: "m", 3: "q", 2: "h"}
_MASKS: list[Callable[[int, int], bool]] = [
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
]


class NotReadable(AssertionError):
    """There is no code on the page, or it cannot be read."""


def drawn_page(pdf: bytes, folder: Path, page: int = 1, dots: int = 200) -> Image.Image:
    """Draw a page of a PDF as a grey picture by a program that did not write it."""
    source, target = folder / "read.pdf", folder / f"page-{page}"
    source.write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-r", str(dots), "-f", str(page), "-l", str(page)]
    subprocess.run([*command, "-singlefile", "-png", str(source), str(target)], check=True)
    with Image.open(target.with_suffix(".png")) as opened:
        return opened.convert("L")


def read_code(picture: Image.Image) -> str:
    """Return the text of the one QR code on a page.

    Raises:
        NotReadable: there is none, or a module of it is wrong.
    """
    dark = _dark(picture)
    centers, module = _finders(dark)
    matrix = _sampled(dark, centers, module)
    text, version, level, mask = _decoded(matrix)
    again = segno.make(text, version=version, error=level, mask=mask, boost_error=False)
    if [[bool(cell) for cell in row] for row in again.matrix] != matrix:
        raise NotReadable("The code was drawn with wrong modules.")
    return text


def _dark(picture: Image.Image) -> Matrix:
    width, height = picture.size
    values = picture.tobytes()
    return [[value < 128 for value in values[y * width : (y + 1) * width]] for y in range(height)]


def _runs(row: list[bool]) -> list[tuple[int, int, bool]]:
    runs = []
    start = 0
    for place in range(1, len(row) + 1):
        if place == len(row) or row[place] != row[start]:
            runs.append((start, place - start, row[start]))
            start = place
    return runs


def _crossings(row: list[bool]) -> list[tuple[float, float]]:
    """Return middle and module of every 1:1:3:1:1 in a line."""
    runs = _runs(row)
    found = []
    for first in range(len(runs) - 4):
        part = runs[first : first + 5]
        if not part[0][2]:
            continue
        lengths = [length for _start, length, _colour in part]
        module = sum(lengths) / 7
        wanted = (1, 1, 3, 1, 1)
        if module >= 2 and all(
            abs(length - module * times) <= module * 0.6
            for length, times in zip(lengths, wanted, strict=True)
        ):
            found.append((part[0][0] + sum(lengths) / 2, module))
    return found


def _finders(dark: Matrix) -> tuple[list[tuple[float, float]], float]:
    """Return the centers of the three finder patterns and the size of a module."""
    spots: list[list[tuple[float, float, float]]] = []
    for y in range(len(dark)):
        for x, module in _crossings(dark[y]):
            column = [row[int(x)] for row in dark]
            if not any(abs(middle - y) <= 4 * module for middle, _size in _crossings(column)):
                continue
            for spot in spots:
                if abs(spot[0][0] - x) < 3 * module and abs(spot[-1][1] - y) < 3 * module:
                    spot.append((x, y, module))
                    break
            else:
                spots.append([(x, y, module)])
    # Strokes of letters may cross a line like a finder pattern does, but not line after line.
    spots = sorted(spots, key=lambda spot: len(spot) / spot[0][2], reverse=True)[:3]
    if len(spots) != 3 or len(spots[-1]) < 2 * spots[-1][0][2]:
        raise NotReadable(f"{len(spots)} finder patterns, a code has three.")
    centers = [
        (sum(x for x, _y, _m in spot) / len(spot), (spot[0][1] + spot[-1][1] + 1) / 2)
        for spot in spots
    ]
    module = sum(m for spot in spots for _x, _y, m in spot) / sum(len(spot) for spot in spots)
    return centers, module


def _sampled(dark: Matrix, centers: list[tuple[float, float]], module: float) -> Matrix:
    left = min(x for x, _y in centers)
    right = max(x for x, _y in centers)
    top = min(y for _x, y in centers)
    bottom = max(y for _x, y in centers)
    size = round((right - left) / module) + 7
    size = 4 * round((size - 17) / 4) + 17
    step_x, step_y = (right - left) / (size - 7), (bottom - top) / (size - 7)
    return [
        [
            dark[int(top + (row - 3) * step_y)][int(left + (column - 3) * step_x)]
            for column in range(size)
        ]
        for row in range(size)
    ]


def _reserved(size: int, version: int) -> Matrix:
    """Return which modules hold no data: finders, timing, alignment, format, version."""
    kept = [[False] * size for _row in range(size)]

    def keep(rows: range, columns: range) -> None:
        for row in rows:
            for column in columns:
                kept[row][column] = True

    keep(range(9), range(9))
    keep(range(9), range(size - 8, size))
    keep(range(size - 8, size), range(9))
    keep(range(6, 7), range(size))
    keep(range(size), range(6, 7))
    places = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    for row in places:
        for column in places:
            if (row, column) not in {(6, 6), (6, size - 7), (size - 7, 6)}:
                keep(range(row - 2, row + 3), range(column - 2, column + 3))
    if version >= 7:
        keep(range(6), range(size - 11, size - 8))
        keep(range(size - 11, size - 8), range(6))
    return kept


def _codewords(matrix: Matrix, version: int, mask: int) -> list[int]:
    size = len(matrix)
    kept = _reserved(size, version)
    bits: list[bool] = []
    upwards = True
    column = size - 1
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for place in (column, column - 1):
                if not kept[row][place]:
                    bits.append(matrix[row][place] ^ _MASKS[mask](row, place))
        upwards = not upwards
        column -= 2
    return [
        sum(bit << (7 - place) for place, bit in enumerate(bits[start : start + 8]))
        for start in range(0, len(bits) - 7, 8)
    ]


def _decoded(matrix: Matrix) -> tuple[str, int, str, int]:
    version = (len(matrix) - 17) // 4
    places = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)]
    places += [(row, 8) for row in (7, 5, 4, 3, 2, 1, 0)]
    value = 0
    for row, column in places:
        value = value << 1 | matrix[row][column]
    value ^= _FORMAT_MASK
    level, mask = value >> 13, value >> 10 & 7
    words = _codewords(matrix, version, mask)
    table: Any = consts.ECC[version]
    lengths = [block.num_data for block in table[level] for _n in range(block.num_blocks)]
    blocks: list[list[int]] = [[] for _length in lengths]
    taken = iter(words)
    for place in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if place < length:
                block.append(next(taken))
    data = "".join(f"{word:08b}" for block in blocks for word in block)
    return _text(data, version), version, _LEVELS[level], mask


def _text(data: str, version: int) -> str:
    if data[:4] != "0100":
        raise NotReadable(f"Mode {data[:4]} is not that of addresses.")
    digits = 8 if version < 10 else 16
    length = int(data[4 : 4 + digits], 2)
    start = 4 + digits
    body = bytes(int(data[start + 8 * n : start + 8 * n + 8], 2) for n in range(length))
    return body.decode()

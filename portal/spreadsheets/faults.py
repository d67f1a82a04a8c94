"""What is wrong with a sheet that somebody sends: cell by cell, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, and what to do.

    Attributes:
        row: as Excel counts it; 0 for the file or the sheet as a whole.
        column: its letter or its heading; "" for the whole row.
        sheet: its name, where a workbook has several.
    """

    row: int
    column: str
    problem: str
    sheet: str = ""


class SheetRefused(Exception):
    """A sheet that cannot be taken over; nothing of it was written."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults")

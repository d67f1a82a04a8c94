"""The diagram of a flow as plain SVG geometry, drawn on the server from the table.

States stand below each other in the order of the table. A step to the next state is an arrow
between the two; every other step has a lane of its own, to the right when it leads on and to the
left when it leads back, with a short line from each state it starts from. Numbers on the lines
are those of the table below the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.cases.flow import PREVIOUS, Flow, State, Transition

BOX_WIDTH = 148
BOX_HEIGHT = 46
GAP = 38
LANE = 30
MARGIN = 18
BADGE = 22


@dataclass(frozen=True)
class Box:
    """One state."""

    x: float
    y: float
    name: str
    kind: str


@dataclass(frozen=True)
class Badge:
    """The numbers of the steps on a line."""

    x: float
    y: float
    text: str

    @property
    def width(self) -> float:
        """How wide the badge is."""
        return max(BADGE, 9 * len(self.text) + 8)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.width / 2


@dataclass
class Drawing:
    """Everything the template draws."""

    width: float = 0
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)


@dataclass
class _Lane:
    numbers: list[int]
    sources: list[int]
    target: int
    place: int = 0

    @property
    def ends(self) -> tuple[int, int]:
        rows = [*self.sources, self.target]
        return min(rows), max(rows)

    @property
    def text(self) -> str:
        return "·".join(str(number) for number in self.numbers)


def _targets(flow: Flow, row: Transition) -> list[str]:
    """Return where a step leads to; one that leads back, to every state it may lead back to."""
    if row.target != PREVIOUS:
        return [row.target]
    before = {
        code
        for other in flow.transitions
        if other.target in row.sources
        for code in other.sources
        if code not in row.sources
    }
    return [state.code for state in flow.states if state.code in before]


def _kind(flow: Flow, state: State) -> str:
    if state.code == flow.initial:
        return "first"
    return "final" if state.final else "middle"


def _place(lanes: list[_Lane]) -> int:
    """Give every lane the innermost place where it crosses no other; return how many there are."""
    taken: list[list[tuple[int, int]]] = []
    for lane in sorted(lanes, key=lambda lane: (lane.ends[1] - lane.ends[0], lane.ends)):
        low, high = lane.ends
        free = (
            place
            for place, spans in enumerate(taken)
            if all(high < start or end < low for start, end in spans)
        )
        place = next(free, len(taken))
        if place == len(taken):
            taken.append([])
        taken[place].append((low, high))
        lane.place = place
    return len(taken)


class _Drawer:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.rows = {state.code: place for place, state in enumerate(flow.states)}
        self.straight: dict[tuple[int, int], list[int]] = {}
        self.right: list[_Lane] = []
        self.left: list[_Lane] = []
        self.drawing = Drawing()
        self._sort()
        self.left_lanes, self.right_lanes = _place(self.left), _place(self.right)
        self.box_x = MARGIN + LANE * self.left_lanes
        self.ports: dict[tuple[int, str], list[int]] = {}

    def _sort(self) -> None:
        """Tell arrows to the next state from lanes on either side."""
        grouped: dict[tuple[tuple[int, ...], int], list[int]] = {}
        for number, row in enumerate(self.flow.transitions, start=1):
            for code in _targets(self.flow, row):
                starts = tuple(self.rows[source] for source in row.sources if source != code)
                if starts:
                    grouped.setdefault((starts, self.rows[code]), []).append(number)
        for (sources, target), numbers in grouped.items():
            if len(sources) == 1 and target == sources[0] + 1:
                self.straight[(sources[0], target)] = numbers
                continue
            onward = [source for source in sources if source < target]
            back = [source for source in sources if source > target]
            if onward:
                self.right.append(_Lane(numbers, onward, target))
            if back:
                self.left.append(_Lane(numbers, back, target))

    def _top(self, row: int) -> float:
        return MARGIN + row * (BOX_HEIGHT + GAP)

    def _port(self, row: int, side: str, lane: _Lane) -> float:
        """Return the height at which a lane meets a box: each has its own."""
        lanes = self.right if side == "right" else self.left
        meeting = [one for one in lanes if row in (*one.sources, one.target)]
        # Inner lanes meet the box nearer to its middle, so that lines cross less.
        meeting.sort(key=lambda one: (one.ends[0] < row, one.place))
        step = BOX_HEIGHT / (len(meeting) + 1)
        return self._top(row) + step * (meeting.index(lane) + 1)

    def draw(self) -> Drawing:
        drawing = self.drawing
        for state in self.flow.states:
            row = self.rows[state.code]
            kind = _kind(self.flow, state)
            drawing.boxes.append(Box(self.box_x, self._top(row), str(state.name), kind))
        centre = self.box_x + BOX_WIDTH / 2
        for (source, target), numbers in self.straight.items():
            start, end = self._top(source) + BOX_HEIGHT, self._top(target)
            drawing.arrows.append(f"M{centre} {start}V{end - 2}")
            text = "·".join(str(number) for number in numbers)
            drawing.badges.append(Badge(centre, (start + end) / 2 - 3, text))
        for lane in self.right:
            self._lane(lane, "right")
        for lane in self.left:
            self._lane(lane, "left")
        drawing.width = self.box_x + BOX_WIDTH + LANE * self.right_lanes + MARGIN
        drawing.height = self._top(len(self.rows)) - GAP + MARGIN
        return drawing

    def _lane(self, lane: _Lane, side: str) -> None:
        right = side == "right"
        edge = self.box_x + BOX_WIDTH if right else self.box_x
        away = LANE * (lane.place + 1) - LANE / 3
        x = edge + away if right else edge - away
        target_y = self._port(lane.target, side, lane)
        for source in lane.sources:
            self.drawing.lines.append(f"M{edge} {self._port(source, side, lane)}H{x}")
        heights = [self._port(source, side, lane) for source in lane.sources]
        far = min(heights) if right else max(heights)
        tip = edge + 2 if right else edge - 2
        self.drawing.arrows.append(f"M{x} {far}V{target_y}H{tip}")
        near = max(heights) if right else min(heights)
        self.drawing.badges.append(Badge(x, (near + target_y) / 2, lane.text))


def drawing_of(flow: Flow) -> Drawing:
    """Return the drawing of a flow."""
    return _Drawer(flow).draw()

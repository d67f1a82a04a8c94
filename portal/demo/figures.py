"""People and trees in flat shapes, used by several demo scenes."""

from __future__ import annotations

from portal.demo.canvas import Canvas, mixed

SKINS = ("#f1c7a3", "#e8b88f", "#d9a47a", "#f3cfb0")
HAIRS = ("#221a18", "#3b2a22", "#2c2320", "#4a3b36")
COATS = ("#2c4a6b", "#7c2a35", "#2f6b52", "#4b4f5a", "#6a4a7a", "#a2612c")
RED = "#a80d1b"
GOLD = "#e0b24a"


def standing(
    canvas: Canvas,
    x: float,
    foot: float,
    tall: float,
    coat: str,
    trousers: str = "#2f3440",
    helmet: str | None = None,
    *,
    arm: str = "down",
    stripe: str | None = None,
    hair: str = "#2c2320",
    skin: str = "#e8b88f",
    back: bool = False,
) -> None:
    """Draw a standing person; `arm` is "down", "up", "left", "right" or "both"."""
    unit = tall / 8
    head = foot - tall + unit * 0.75
    dark = mixed(coat, "#000000", 0.18)
    for side in (-1, 1):
        canvas.line(
            [
                (x + side * unit * 0.45, foot - unit * 3.4),
                (x + side * unit * 0.55, foot - unit * 0.2),
            ],
            trousers,
            unit * 0.85,
        )
        canvas.ellipse(
            x + side * unit * 0.65, foot - unit * 0.1, unit * 0.6, unit * 0.25, "#1d1d22"
        )
    shoulder = foot - unit * 6.2
    hands = {
        "down": ((-1.45, -3.4), (1.45, -3.4)),
        "up": ((-1.45, -3.4), (1.7, -8.2)),
        "left": ((-2.7, -5.1), (1.45, -3.4)),
        "right": ((-1.45, -3.4), (2.7, -5.1)),
        "both": ((-2.4, -4.8), (2.4, -4.8)),
    }[arm]
    for side, (across, down) in zip((-1, 1), hands, strict=True):
        hand = (x + across * unit, foot + down * unit)
        canvas.line([(x + side * unit * 1.0, shoulder + unit * 0.45), hand], dark, unit * 0.62)
        canvas.circle(*hand, unit * 0.36, skin)
    canvas.box(x - unit * 1.3, shoulder, unit * 2.6, unit * 3.3, coat, unit * 0.95)
    canvas.box(x - unit * 1.1, shoulder + unit * 2, unit * 2.2, unit * 1.3, coat, unit * 0.2)
    if stripe:
        canvas.box(x - unit * 1.3, shoulder + unit * 1.55, unit * 2.6, unit * 0.32, stripe)
        canvas.box(x - unit * 1.12, shoulder + unit * 2.5, unit * 2.24, unit * 0.32, stripe)
    canvas.box(
        x - unit * 0.28, head + unit * 0.5, unit * 0.56, unit * 0.7, mixed(skin, "#000000", 0.1)
    )
    canvas.ellipse(x, head, unit * 0.68, unit * 0.8, skin)
    if back:
        canvas.ellipse(x, head - unit * 0.05, unit * 0.74, unit * 0.82, hair)
    elif helmet:
        canvas.slice(x, head - unit * 0.12, unit * 0.86, unit * 0.92, 180, 360, helmet)
        canvas.box(
            x - unit, head - unit * 0.2, unit * 2, unit * 0.2, mixed(helmet, "#000000", 0.15), 3
        )
    else:
        canvas.slice(x, head - unit * 0.1, unit * 0.74, unit * 0.82, 180, 360, hair)


def seated_back(
    canvas: Canvas, x: float, bottom: float, size: float, coat: str, hair: str, helmet: str = ""
) -> None:
    """Draw somebody sitting with the back to us: shoulders and a head."""
    canvas.slice(x, bottom, size * 1.15, size * 1.25, 180, 360, coat)
    canvas.box(x - size * 0.22, bottom - size * 1.6, size * 0.44, size * 0.6, "#c99570")
    canvas.circle(x, bottom - size * 1.85, size * 0.56, hair)
    if helmet:
        canvas.slice(x, bottom - size * 1.85, size * 0.68, size * 0.68, 170, 370, helmet)


def seated_front(
    canvas: Canvas, x: float, bottom: float, size: float, coat: str, hair: str, skin: str
) -> None:
    """Draw somebody sitting behind a table, face towards us."""
    canvas.slice(x, bottom, size * 1.2, size * 1.35, 180, 360, coat)
    canvas.polygon(
        [
            (x - size * 0.3, bottom - size * 1.3),
            (x + size * 0.3, bottom - size * 1.3),
            (x, bottom - size * 0.7),
        ],
        "#f5efe4",
    )
    canvas.box(
        x - size * 0.2, bottom - size * 1.65, size * 0.4, size * 0.5, mixed(skin, "#000000", 0.1)
    )
    canvas.ellipse(x, bottom - size * 2, size * 0.5, size * 0.6, skin)
    canvas.slice(x, bottom - size * 2.08, size * 0.56, size * 0.62, 180, 360, hair)


def pine(canvas: Canvas, x: float, foot: float, tall: float, fill: str) -> None:
    """Draw a pine: a trunk and three tiers."""
    canvas.box(x - tall * 0.035, foot - tall * 0.2, tall * 0.07, tall * 0.2, "#5d4432")
    for tier, (low, high, wide) in enumerate(
        ((0.14, 0.6, 0.3), (0.36, 0.8, 0.24), (0.58, 1, 0.17))
    ):
        points = [
            (x - tall * wide, foot - tall * low),
            (x, foot - tall * high),
            (x + tall * wide, foot - tall * low),
        ]
        canvas.polygon(points, mixed(fill, "#ffffff", 0.06 * tier))
        canvas.polygon([points[1], points[2], (x, points[2][1])], mixed(fill, "#000000", 0.12))


def round_tree(canvas: Canvas, x: float, foot: float, tall: float, fill: str) -> None:
    """Draw a leaf tree: a trunk and a crown of three circles."""
    canvas.box(x - tall * 0.04, foot - tall * 0.5, tall * 0.08, tall * 0.5, "#6b4d38")
    canvas.circle(x - tall * 0.16, foot - tall * 0.58, tall * 0.2, mixed(fill, "#000000", 0.12))
    canvas.circle(x + tall * 0.17, foot - tall * 0.6, tall * 0.19, mixed(fill, "#000000", 0.06))
    canvas.circle(x, foot - tall * 0.76, tall * 0.24, fill)


def cloud(canvas: Canvas, x: float, y: float, size: float, fill: str) -> None:
    """Draw a cloud with a flat bottom."""
    canvas.box(x - size * 1.5, y - size * 0.42, size * 3, size * 0.44, fill, size * 0.22)
    canvas.circle(x - size * 0.55, y - size * 0.42, size * 0.5, fill)
    canvas.circle(x + size * 0.3, y - size * 0.6, size * 0.68, fill)


def flag(canvas: Canvas, x: float, y: float, wide: float, high: float, pole: float) -> None:
    """Draw a plain red banner on a pole; no emblem, as rules on emblems ask for care."""
    canvas.box(x - 4, y - 10, 8, pole, "#8d8f96", 4)
    canvas.polygon(
        [
            (x + 4, y),
            (x + wide * 0.5, y + high * 0.1),
            (x + wide, y - high * 0.02),
            (x + wide, y + high * 0.96),
            (x + wide * 0.5, y + high * 1.08),
            (x + 4, y + high),
        ],
        "#c4161f",
    )

"""Portraits in flat shapes with a gold frame, as on the honour wall."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.canvas import Canvas, mixed

WIDTH, HEIGHT = 900, 1100


@dataclass(frozen=True)
class Sitter:
    """How one person looks; `helmet` "" means hair is seen."""

    coat: str
    skin: str
    hair: str
    style: str
    helmet: str = ""
    glasses: bool = False
    medal: bool = True


SITTERS: dict[str, Sitter] = {
    "portrait-miner": Sitter("#2c4a6b", "#e3b088", "#2c2320", "short", "#dba41f"),
    "portrait-gas": Sitter("#34506b", "#d9a47a", "#2c2320", "short", "#c9332c"),
    "portrait-hoist": Sitter("#2f6b52", "#f1c7a3", "#2a1d18", "bob", "#f0c233"),
    "portrait-support": Sitter("#404a5c", "#d9a47a", "#221a18", "short", "#2f6fb0"),
    "portrait-control": Sitter("#2f6b52", "#f1c7a3", "#2a1d18", "bob"),
    "portrait-rescue": Sitter("#c9501e", "#e3b088", "#221a18", "short", "#b5121d"),
    "portrait-boiler": Sitter("#3f4654", "#e8b88f", "#3b3634", "short", "#eef0ee"),
    "portrait-washing": Sitter("#7c1f35", "#f3cfb0", "#2a1d18", "long"),
    "portrait-office": Sitter("#4b3f6e", "#e8b88f", "#221f1f", "parted", "", glasses=True),
    "portrait-monitor": Sitter("#2c5a7d", "#f1c7a3", "#32241e", "bun", "", glasses=True),
    "portrait-electrician": Sitter("#35606b", "#d9a47a", "#57514e", "short", "#f0c233"),
    "portrait-inspector": Sitter("#2f6b52", "#e8b88f", "#3b2a22", "short", "#f0c233", glasses=True),
    "portrait-instrument": Sitter("#d4672a", "#f1c7a3", "#32241e", "short", "#2f6fb0"),
    "portrait-shift": Sitter("#5a4a6e", "#d9a47a", "#221a18", "short", "#d9531e", glasses=True),
    "portrait-heading": Sitter("#6b6f78", "#cfa07a", "#2c2320", "short", "", medal=False),
}


def portrait(canvas: Canvas, sitter: Sitter) -> None:
    """Draw one portrait, 900 by 1100 points."""
    canvas.gradient([(0, "#f6dfb0"), (0.55, "#efc98a"), (1, "#e2ab5a")])
    canvas.glow(450, 420, 520, "#fff4d6", 0.75)
    dark = mixed(sitter.coat, "#000000", 0.2)
    skin_dark = mixed(sitter.skin, "#8a4b2a", 0.28)
    if sitter.style in {"bob", "long"}:
        low = 700 if sitter.style == "bob" else 800
        canvas.box(268, 330, 364, low - 330, sitter.hair, 150)
    if sitter.style == "bun":
        canvas.circle(450, 232, 78, mixed(sitter.hair, "#000000", 0.15))
    # Shoulders, collar and neck.
    canvas.slice(450, 1120, 350, 370, 180, 360, sitter.coat)
    canvas.slice(450, 1120, 350, 370, 180, 236, dark)
    canvas.polygon([(385, 640), (515, 640), (525, 790), (450, 840), (375, 790)], skin_dark)
    canvas.polygon(
        [(352, 762), (450, 900), (548, 762), (590, 800), (470, 985), (430, 985), (310, 800)],
        "#f6f1e6",
    )
    canvas.polygon([(352, 770), (450, 905), (384, 958), (300, 808)], dark)
    canvas.polygon(
        [(548, 770), (450, 905), (516, 958), (600, 808)], mixed(sitter.coat, "#ffffff", 0.1)
    )
    canvas.line([(450, 905), (450, 1090)], dark, 6)
    # Face.
    for side in (-1, 1):
        canvas.ellipse(450 + side * 162, 520, 26, 42, skin_dark)
    canvas.ellipse(450, 500, 162, 196, sitter.skin)
    canvas.box(288, 380, 324, 130, sitter.skin, 60)
    for side in (-1, 1):
        canvas.ellipse(450 + side * 66, 500, 13, 16, "#2a211e")
        canvas.circle(450 + side * 66 + 4, 495, 4, "#ffffff")
        canvas.arc(450 + side * 66, 468, 36, 22, (200, 340), mixed(sitter.hair, "#000000", 0.1), 9)
        canvas.ellipse(450 + side * 100, 566, 30, 18, mixed(sitter.skin, "#e0705a", 0.28))
    canvas.arc(450, 530, 16, 22, (20, 160), skin_dark, 7)
    canvas.arc(450, 575, 56, 42, (25, 155), "#a8453c", 9)
    if sitter.glasses:
        for side in (-1, 1):
            canvas.frame(450 + side * 70 - 50, 462, 100, 78, "#3a3432", 7, 30)
        canvas.line([(430, 492), (470, 492)], "#3a3432", 7)
    _hair(canvas, sitter)
    if sitter.helmet:
        _helmet(canvas, sitter.helmet)
    if sitter.medal:
        canvas.polygon([(560, 900), (604, 900), (592, 960), (572, 960)], "#b5121d")
        canvas.circle(582, 976, 32, "#c99a2e")
        canvas.circle(582, 976, 23, "#f3cf66")
    for inset, gold, width in ((0, "#b98a35", 26), (14, "#e5c06a", 16), (30, "#a87a2a", 5)):
        canvas.frame(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, gold, width, 26)


def _hair(canvas: Canvas, sitter: Sitter) -> None:
    hair = sitter.hair
    if sitter.helmet:
        for side in (-1, 1):
            canvas.box(450 + side * 160 - 12, 420, 24, 70, hair, 8)
        return
    canvas.slice(450, 440, 178, 190, 180, 360, hair)
    if sitter.style == "short":
        canvas.polygon(
            [(272, 440), (300, 470), (318, 400), (450, 372), (582, 400), (600, 470), (628, 440)],
            hair,
        )
    elif sitter.style == "parted":
        canvas.polygon(
            [(272, 440), (296, 486), (330, 380), (540, 350), (600, 486), (628, 440)], hair
        )
    elif sitter.style in {"bob", "long"}:
        canvas.polygon(
            [(272, 436), (296, 560), (330, 410), (570, 410), (604, 560), (628, 436)], hair
        )
        canvas.ellipse(450, 414, 148, 48, hair)
    elif sitter.style == "bun":
        canvas.polygon(
            [(272, 440), (300, 500), (350, 400), (450, 366), (550, 400), (600, 500), (628, 440)],
            hair,
        )


def _helmet(canvas: Canvas, fill: str) -> None:
    shade = mixed(fill, "#000000", 0.18)
    light = mixed(fill, "#ffffff", 0.3)
    canvas.slice(450, 412, 206, 214, 180, 360, fill)
    canvas.slice(450, 412, 206, 214, 180, 232, shade)
    canvas.box(420, 204, 60, 200, light, 28)
    canvas.box(220, 396, 460, 40, shade, 20)
    canvas.box(404, 318, 92, 66, "#3a3f46", 16)
    canvas.circle(450, 350, 27, "#fff6d4")
    canvas.glow(450, 350, 70, "#fff6d4", 0.6)

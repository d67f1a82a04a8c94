"""Scenes of rooms: meetings, study, stage, canteen, archive."""

from __future__ import annotations

from math import cos, pi, sin

from portal.demo.canvas import Canvas, mixed
from portal.demo.figures import (
    COATS,
    GOLD,
    HAIRS,
    RED,
    SKINS,
    round_tree,
    seated_back,
    seated_front,
    standing,
)


def meeting(canvas: Canvas) -> None:
    """A meeting room: a long table, people facing us, red curtain."""
    canvas.gradient([(0, "#f3e6d2"), (1, "#e7d3b5")])
    for fold in range(20):
        canvas.box(fold * 82, 0, 82, 560, "#a80d1b" if fold % 2 else "#97091a")
    canvas.box(0, 0, 1600, 74, "#7d0714")
    for x in range(20):
        canvas.slice(41 + x * 82, 74, 41, 26, 0, 180, "#7d0714")
    canvas.box(420, 130, 760, 96, "#f7ecd4", 8)
    for part in range(6):
        canvas.box(476 + part * 112, 160, 82, 34, RED, 6)
    canvas.glow(800, 330, 620, "#ffdf9f", 0.22)
    for index in range(7):
        x = 220 + index * 194
        seated_front(
            canvas, x, 600, 92, COATS[index % len(COATS)], HAIRS[index % 4], SKINS[(index + 1) % 4]
        )
    canvas.polygon([(100, 590), (1500, 590), (1600, 690), (0, 690)], "#9b6437")
    canvas.box(0, 690, 1600, 90, "#7a4a27")
    for index in range(7):
        x = 220 + index * 194
        canvas.polygon([(x - 44, 622), (x + 40, 622), (x + 52, 660), (x - 52, 660)], "#f8f4ea")
        canvas.box(x + 62, 606, 26, 38, "#f3f7f8", 5)
    canvas.box(0, 780, 1600, 120, "#5f3a20")
    for index in range(6):
        seated_back(canvas, 160 + index * 256, 925, 88, COATS[(index + 2) % 6], HAIRS[index % 4])


def classroom(canvas: Canvas) -> None:
    """A lecture: a speaker at the board, listeners seen from behind."""
    canvas.gradient([(0, "#f6efe0"), (1, "#eadfc8")])
    canvas.box(0, 640, 1600, 260, "#c9a878")
    canvas.box(330, 90, 860, 420, "#7a5a3a", 8)
    canvas.box(346, 106, 828, 388, "#2f5a4a", 4)
    chalk = "#e9f0e6"
    for row, wide in enumerate((420, 560, 500, 330)):
        canvas.box(400, 168 + row * 74, wide, 12, mixed("#2f5a4a", chalk, 0.75), 6)
        canvas.circle(376, 174 + row * 74, 8, GOLD)
    canvas.ring(1070, 300, 62, chalk, 6)
    canvas.line([(1070, 300), (1070, 258)], chalk, 6)
    canvas.line([(1070, 300), (1102, 320)], chalk, 6)
    for x in (70, 1300):
        canvas.box(x, 110, 210, 330, "#fdfaf0", 6)
        canvas.gradient([(0, "#a9d6e8"), (1, "#e7f3ee")], 124, 426, x + 14, x + 196)
        canvas.box(x + 98, 110, 12, 330, "#fdfaf0")
    standing(canvas, 1250, 720, 400, "#7c2a35", "#2b2f3a", arm="left", hair="#2a211e")
    canvas.polygon([(1300, 560), (1450, 560), (1440, 730), (1310, 730)], "#8f5c33")
    canvas.box(1285, 545, 180, 20, "#a86f41", 4)
    for row, (bottom, size, count) in enumerate(((760, 62, 8), (850, 80, 7), (960, 104, 6))):
        for seat in range(count):
            across = 90 + (seat + 0.5 * (row % 2)) * (1500 / count)
            seated_back(
                canvas, across, bottom, size, COATS[(seat + row) % 6], HAIRS[(seat + row) % 4]
            )
        canvas.box(0, bottom - 4, 1600, 12, "#a8763f")
        canvas.box(0, bottom + 8, 1600, 60, "#94632f")


def ceremony(canvas: Canvas) -> None:
    """An award ceremony: people with red folders on a lit stage."""
    canvas.gradient([(0, "#6d0613"), (0.7, "#a80d1b"), (1, "#8c0a17")])
    for fold in range(16):
        canvas.polygon(
            [(fold * 100, 0), (fold * 100 + 50, 0), (fold * 100 + 60, 640), (fold * 100 - 10, 640)],
            "#5b0410",
            0.25,
        )
    canvas.glow(800, 300, 700, "#ffcf70", 0.5)
    for ray in range(7):
        x = 200 + ray * 200
        canvas.beam([(x - 12, 0), (x + 12, 0), (x + 150, 640), (x - 150, 640)], "#ffe7b0", 0.16, 18)
    canvas.circle(800, 190, 92, GOLD)
    canvas.circle(800, 190, 76, "#f6d98a")
    points = []
    for part in range(10):
        radius = 60 if part % 2 == 0 else 25
        angle = -pi / 2 + part * pi / 5
        points.append((800 + radius * cos(angle), 190 + radius * sin(angle)))
    canvas.polygon(points, "#b5121d")
    canvas.polygon([(0, 640), (1600, 640), (1600, 760), (0, 760)], "#c98a3e")
    canvas.box(0, 640, 1600, 10, "#f1cf86")
    canvas.box(0, 760, 1600, 140, "#4a0a12")
    helmets = (None, "#f4c430", None, "#c11a22", None, "#2f6fb0", None)
    for index, helmet in enumerate(helmets):
        x = 260 + index * 180
        standing(
            canvas,
            x,
            735,
            330,
            COATS[index % 6],
            "#23262e",
            helmet,
            hair=HAIRS[index % 4],
            skin=SKINS[index % 4],
        )
        canvas.box(x - 44, 520, 88, 62, "#d11826", 4)
        canvas.box(x - 26, 542, 52, 12, GOLD, 4)
        canvas.circle(x - 44, 556, 15, SKINS[index % 4])
        canvas.circle(x + 44, 556, 15, SKINS[index % 4])
    for pot in range(11):
        x = 60 + pot * 150
        canvas.box(x - 30, 720, 60, 50, "#9b5a34", 6)
        for leaf in range(3):
            canvas.circle(x - 26 + leaf * 26, 712, 24, ("#2f7a48", "#e0483c", "#3a8c54")[leaf])
    for index in range(9):
        seated_back(
            canvas, 80 + index * 180, 940, 66, mixed(COATS[index % 6], "#000000", 0.5), "#160c0d"
        )


def canteen(canvas: Canvas) -> None:
    """The night canteen: steaming pots behind the counter, people in a queue."""
    canvas.gradient([(0, "#f8e8cb"), (1, "#f0d4a4")])
    canvas.box(0, 690, 1600, 210, "#b98f5f")
    canvas.box(0, 100, 1600, 120, "#a80d1b")
    for part in range(7):
        canvas.box(210 + part * 176, 138, 130, 44, "#f8e1ac", 8)
    for lamp in (300, 640, 980, 1320):
        canvas.line([(lamp, 0), (lamp, 260)], "#5b4636", 4)
        canvas.slice(lamp, 296, 64, 42, 180, 360, "#7a1b1f")
        canvas.glow(lamp, 310, 200, "#fff0c2", 0.8)
    for index, x in enumerate((350, 760, 1170)):
        standing(
            canvas, x, 820, 420, "#fbfbf8", "#40464e", "#ffffff", arm="both", skin=SKINS[index]
        )
    canvas.box(80, 560, 1440, 50, "#e3e7e8", 6)
    canvas.box(80, 610, 1440, 260, "#c7cdd0")
    for index in range(6):
        x = 180 + index * 240
        canvas.box(x, 520, 150, 44, "#8d969b", 6)
        canvas.ellipse(x + 75, 520, 75, 16, ("#c9803a", "#6f9a4a", "#d8b24a")[index % 3])
        for puff in range(3):
            canvas.glow(x + 60 + puff * 20, 470 - puff * 46, 62, "#ffffff", 0.5 - puff * 0.12)
    for index in range(5):
        seated_back(
            canvas,
            170 + index * 300,
            930,
            98,
            COATS[index],
            HAIRS[index % 4],
            ("#f4c430", "", "#c11a22", "#f4c430", "")[index],
        )


def library(canvas: Canvas) -> None:
    """A reading room with shelves, a lamp and readers."""
    canvas.gradient([(0, "#efe4cf"), (1, "#e2d1b0")])
    canvas.box(0, 690, 1600, 210, "#a87f55")
    spines = ("#a80d1b", "#2c5a7d", "#c99a3b", "#2f6b52", "#6a4a7a", "#b9623c", "#4b4f5a")
    for case in range(3):
        x = 60 + case * 330
        canvas.box(x, 90, 300, 590, "#7d5430", 6)
        for shelf in range(5):
            y = 110 + shelf * 112
            canvas.box(x + 14, y, 272, 98, "#5c3c20")
            left = x + 20.0
            while left < x + 262:
                wide = canvas.chance.uniform(14, 30)
                high = canvas.chance.uniform(60, 90)
                canvas.box(left, y + 98 - high, wide, high, canvas.chance.choice(spines), 2)
                left += wide + 3
    canvas.box(1100, 110, 420, 380, "#fbf6e8", 6)
    canvas.gradient([(0, "#9ccfe4"), (0.7, "#e6f2e2"), (1, "#c9dfb4")], 128, 472, 1118, 1502)
    canvas.box(1300, 110, 16, 380, "#fbf6e8")
    canvas.box(1100, 290, 420, 14, "#fbf6e8")
    seated_front(canvas, 560, 740, 110, "#7c2a35", "#2a211e", "#f1c7a3")
    seated_front(canvas, 900, 740, 110, "#2c4a6b", "#3b2a22", "#e8b88f")
    seated_front(canvas, 1240, 740, 110, "#2f6b52", "#221a18", "#f3cfb0")
    canvas.polygon([(330, 726), (1480, 726), (1600, 830), (220, 830)], "#b9834c")
    canvas.box(220, 830, 1380, 70, "#8f5f32")
    for x in (560, 900, 1240):
        canvas.polygon([(x - 74, 790), (x - 4, 776), (x - 4, 736), (x - 60, 746)], "#fbf8ee")
        canvas.polygon([(x + 74, 790), (x + 4, 776), (x + 4, 736), (x + 60, 746)], "#f1ecdc")
    canvas.box(1400, 640, 12, 120, "#54483c")
    canvas.slice(1406, 650, 70, 62, 180, 360, "#2f6b52")
    canvas.glow(1406, 690, 200, "#fff0bf", 0.75)
    canvas.polygon([(80, 780), (190, 780), (176, 895), (94, 895)], "#b9623c")
    round_tree(canvas, 135, 790, 260, "#5c9a5a")


def archive(canvas: Canvas) -> None:
    """An archive room: rows of boxes, a ladder, an archivist."""
    canvas.gradient([(0, "#e9e6df"), (1, "#d3cec2")])
    canvas.polygon([(0, 740), (1600, 740), (1600, 900), (0, 900)], "#a9a294")
    for rack in range(4):
        x = 40 + rack * 400
        canvas.box(x, 60, 350, 690, "#6f7d86", 4)
        for shelf in range(5):
            y = 80 + shelf * 134
            canvas.box(x + 12, y, 326, 120, "#4d5a62")
            for box in range(7):
                fill = ("#c9a36a", "#b98d52", "#d4b27c")[(box + shelf + rack) % 3]
                canvas.box(x + 18 + box * 45, y + 18, 40, 102, fill, 2)
                canvas.box(x + 25 + box * 45, y + 34, 26, 32, "#f8f2e2", 2)
                canvas.circle(x + 38 + box * 45, y + 96, 6, "#7d5f34")
    canvas.glow(800, 120, 600, "#fffbe8", 0.35)
    standing(
        canvas, 640, 872, 450, "#35566f", "#2c3440", arm="both", hair="#241c1a", skin="#f1c7a3"
    )
    canvas.box(520, 560, 240, 70, "#c9a36a", 4)
    canvas.box(600, 578, 80, 34, "#f8f2e2", 3)
    for side in (1080, 1240):
        canvas.line([(side, 220), (side + (60 if side > 1100 else -30), 880)], "#b9803f", 16)
    for rung in range(6):
        y = 300 + rung * 96
        canvas.line([(1074 - rung * 4, y), (1248 + rung * 9, y)], "#cf9750", 13)

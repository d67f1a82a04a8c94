"""Scenes outdoors and at the service station: visits, planting, memory, sport."""

from __future__ import annotations

from portal.demo.canvas import Canvas, mixed
from portal.demo.figures import (
    COATS,
    GOLD,
    HAIRS,
    SKINS,
    cloud,
    flag,
    pine,
    round_tree,
    seated_front,
    standing,
)


def forest(canvas: Canvas) -> None:
    """Planting trees on a slope."""
    canvas.gradient([(0, "#9fd3e8"), (0.6, "#dff1e6"), (1, "#eef4dc")])
    canvas.circle(1290, 170, 76, "#fff1b8")
    for x, y, size in ((320, 150, 54), (820, 210, 40), (1050, 90, 34)):
        cloud(canvas, x, y, size, "#f9fcfb")
    canvas.ridge(520, 190, 5, "#b3d3b4", sharp=False)
    canvas.ridge(570, 140, 6, "#93bf95", sharp=False)
    canvas.polygon([(0, 560), (620, 470), (1600, 620), (1600, 900), (0, 900)], "#7faa6b")
    canvas.polygon([(0, 690), (760, 590), (1600, 730), (1600, 900), (0, 900)], "#8f7a52")
    for index in range(11):
        x = 60 + index * 150
        pine(canvas, x, 560 + abs(6 - index) * 8, 96 + (index * 37) % 44, "#3f7a4c")
    for index in range(7):
        x = 150 + index * 220
        y = 730 + (index % 3) * 34
        canvas.ellipse(x, y, 58, 14, "#6d5a39")
        pine(canvas, x, y, 84, "#4d9058")
    standing(canvas, 480, 840, 330, "#b5121d", "#2e3a4b", arm="right", hair="#2a211e")
    canvas.line([(590, 560), (600, 840)], "#8a5a35", 11)
    canvas.polygon([(580, 830), (622, 830), (612, 880), (590, 880)], "#8d959b")
    standing(canvas, 830, 850, 320, "#2c5a7d", "#3a3a44", arm="both", skin="#f1c7a3")
    canvas.ellipse(925, 850, 62, 15, "#5f4d30")
    pine(canvas, 925, 850, 150, "#3f8a50")
    standing(canvas, 1130, 836, 310, "#d98a1f", "#2e3a4b", arm="left", hair="#3b2a22")
    canvas.polygon([(975, 660), (1038, 660), (1028, 720), (985, 720)], "#5c8fae")
    canvas.arc(1006, 662, 30, 34, (180, 360), "#5c8fae", 6)
    flag(canvas, 1440, 470, 130, 84, 330)


def community(canvas: Canvas) -> None:
    """A visit in a residential yard."""
    canvas.gradient([(0, "#bfe0ee"), (0.7, "#f0f2e2"), (1, "#f6ead0")])
    for x, y, size in ((180, 120, 46), (860, 90, 36), (1450, 140, 44)):
        cloud(canvas, x, y, size, "#fafdfd")
    for index, (x, wide, high, wall) in enumerate(
        ((40, 430, 470, "#e6b98a"), (540, 380, 540, "#d98f6b"), (1000, 560, 430, "#e9cfa2"))
    ):
        top = 660 - high
        canvas.box(x, top, wide, high, wall)
        canvas.box(x - 14, top - 24, wide + 28, 28, "#a3483c", 4)
        for row in range(int(high / 120)):
            for column in range(int(wide / 110)):
                left, upper = x + 34 + column * 106, top + 40 + row * 112
                canvas.box(left, upper, 66, 68, "#fdf8ea", 4)
                canvas.box(
                    left + 7,
                    upper + 7,
                    52,
                    54,
                    "#8fbccd" if (row + column + index) % 3 else "#ffd98a",
                )
                canvas.box(left + 30, upper + 4, 6, 60, "#fdf8ea")
        canvas.box(x + wide / 2 - 36, 566, 72, 94, "#7a3b2c", 4)
    canvas.box(0, 655, 1600, 250, "#d8c8a4")
    canvas.polygon([(0, 720), (1600, 690), (1600, 900), (0, 900)], "#cdb98f")
    round_tree(canvas, 500, 700, 330, "#5c9a5a")
    round_tree(canvas, 1500, 710, 350, "#4f8f57")
    canvas.box(880, 720, 420, 24, "#a8703c", 6)
    for leg in (910, 1262):
        canvas.box(leg, 740, 20, 110, "#8a5a30")
    canvas.box(930, 664, 80, 58, "#c9d3d8", 8)
    canvas.circle(970, 694, 18, "#5c6a72")
    canvas.box(1050, 676, 96, 46, "#e7b24a", 6)
    canvas.box(1180, 640, 60, 82, "#8fb5c6", 8)
    standing(canvas, 820, 860, 340, "#c4161f", "#2f3a4a", arm="right", hair="#241c1a")
    standing(canvas, 1350, 862, 320, "#c4161f", "#3a3440", arm="left", hair="#3b2a22")
    standing(canvas, 400, 866, 300, "#6a7a58", "#4a4a44", hair="#c9c9c9", arm="right")
    standing(canvas, 250, 872, 290, "#7d5a7a", "#3f3f48", hair="#dcdcdc")
    standing(canvas, 610, 868, 200, "#e6a12e", "#3b5f8a", hair="#2a211e", arm="up")


def veterans(canvas: Canvas) -> None:
    """The veterans' service station: a counter, a bench, honour shelf."""
    canvas.gradient([(0, "#f2ead6"), (1, "#e6d9bb")])
    canvas.box(0, 660, 1600, 240, "#b9a37a")
    canvas.box(80, 70, 700, 110, "#4c6b3c", 10)
    for part in range(6):
        canvas.box(126 + part * 104, 104, 78, 40, "#f4ecc9", 6)
    canvas.box(920, 80, 600, 400, "#a87a48", 8)
    for shelf in range(3):
        y = 110 + shelf * 122
        canvas.box(940, y, 560, 104, "#e9d6ad")
        for item in range(6):
            x = 962 + item * 92
            if (item + shelf) % 3 == 0:
                canvas.polygon(
                    [(x + 8, y + 40), (x + 52, y + 40), (x + 42, y + 78), (x + 18, y + 78)], GOLD
                )
                canvas.box(x + 22, y + 78, 16, 20, "#a8832a")
            elif (item + shelf) % 3 == 1:
                canvas.box(x, y + 26, 64, 74, "#b5121d", 4)
                canvas.circle(x + 32, y + 62, 18, GOLD)
            else:
                canvas.box(x, y + 34, 66, 66, "#f7f1df", 3)
                canvas.frame(x, y + 34, 66, 66, "#8a6a38", 5, 3)
    canvas.box(80, 230, 300, 290, "#fbf7ea", 8)
    for row in range(6):
        canvas.box(112, 268 + row * 40, 236 - (row * 53) % 110, 12, "#9aa68a", 6)
    canvas.circle(590, 340, 86, "#fbf7ea")
    canvas.ring(590, 340, 86, "#4c6b3c", 12)
    canvas.line([(590, 340), (590, 286)], "#33402c", 8)
    canvas.line([(590, 340), (630, 362)], "#33402c", 8)
    seated_front(canvas, 1120, 700, 104, "#3d5f48", "#2a211e", "#f1c7a3")
    seated_front(canvas, 1370, 700, 104, "#2c4a6b", "#221a18", "#e8b88f")
    canvas.box(930, 690, 640, 40, "#8a5a30", 6)
    canvas.box(950, 730, 600, 170, "#a06b3c")
    canvas.box(1000, 772, 500, 14, GOLD, 4)
    canvas.box(1210, 640, 80, 52, "#f8f4ea", 4)
    standing(canvas, 760, 866, 370, "#66735a", "#474c44", hair="#d6d6d6", arm="right")
    standing(canvas, 590, 872, 350, "#7d4a5a", "#3b3b44", hair="#cfcfcf")
    round_tree(canvas, 240, 890, 330, "#5a8f58")
    canvas.polygon([(190, 800), (290, 800), (276, 895), (204, 895)], "#b9623c")


def memorial(canvas: Canvas) -> None:
    """A memorial among pines at dawn."""
    canvas.gradient([(0, "#c9dbe4"), (0.6, "#f3e6cf"), (1, "#f2d7ae")])
    canvas.glow(800, 420, 640, "#fff2cf", 0.7)
    canvas.ridge(560, 170, 6, "#b7c6bd", sharp=False)
    for index in range(12):
        side = -1 if index % 2 else 1
        x = 800 + side * (240 + index * 52)
        pine(
            canvas,
            x,
            660 + index * 6,
            300 + index * 10,
            mixed("#3b6a52", "#9fb9a8", 0.4 - index * 0.03),
        )
    canvas.polygon([(745, 640), (765, 150), (800, 120), (835, 150), (855, 640)], "#ece7db")
    canvas.polygon([(800, 120), (835, 150), (855, 640), (800, 640)], "#d6cfbf")
    canvas.box(700, 560, 200, 90, "#e4ded0")
    canvas.box(650, 640, 300, 40, "#d3ccbc")
    for step in range(7):
        wide = 340 + step * 110
        canvas.box(800 - wide / 2, 680 + step * 32, wide, 32, mixed("#ddd6c6", "#a39c8c", step / 9))
    for x in (640, 960):
        canvas.circle(x, 660, 44, "#4d7f58")
        for petal in range(9):
            canvas.circle(
                x - 34 + (petal * 29) % 70,
                632 + (petal * 17) % 48,
                10,
                "#f6d24f" if petal % 2 else "#ffffff",
            )
    for index in range(5):
        standing(
            canvas,
            470 + index * 165,
            895,
            250,
            "#30343f",
            "#24262e",
            hair=HAIRS[index % 4],
            back=True,
        )
    pine(canvas, 70, 900, 520, "#2f5a45")
    pine(canvas, 1530, 900, 540, "#2f5a45")


def sports(canvas: Canvas) -> None:
    """Tug of war on a sports ground."""
    canvas.gradient([(0, "#8fcdea"), (0.6, "#d9f0f2"), (1, "#f2f5e2")])
    for x, y, size in ((260, 130, 50), (1240, 100, 42)):
        cloud(canvas, x, y, size, "#fbfdfd")
    canvas.ridge(470, 110, 7, "#9cc7a4", sharp=False)
    canvas.box(0, 400, 1600, 90, "#d4d8d6")
    for index in range(64):
        x = 14 + index * 25
        canvas.circle(x, 408 + (index % 3) * 26, 10, (*COATS, GOLD, "#d8483c")[index % 8])
    canvas.box(0, 480, 1600, 30, "#c0453c")
    canvas.box(0, 510, 1600, 390, "#74b06a")
    canvas.polygon([(0, 600), (1600, 570), (1600, 720), (0, 760)], "#c9603f")
    for lane in range(3):
        canvas.line([(0, 638 + lane * 40), (1600, 606 + lane * 38)], "#f4e6da", 4)
    canvas.line([(180, 690), (1420, 690)], "#d9b56d", 13)
    canvas.polygon([(786, 690), (814, 690), (800, 760)], "#c4161f")
    for index in range(4):
        x = 250 + index * 130
        standing(
            canvas,
            x,
            850,
            310,
            "#c4161f",
            "#27303c",
            arm="right",
            hair=HAIRS[index],
            skin=SKINS[index],
        )
    for index in range(4):
        x = 960 + index * 130
        standing(
            canvas,
            x,
            850,
            310,
            "#2469a8",
            "#27303c",
            arm="left",
            hair=HAIRS[index],
            skin=SKINS[3 - index],
        )
    standing(canvas, 800, 640, 210, "#f4f4f0", "#27303c", arm="up", hair="#2a211e")
    for pole in range(9):
        x = 60 + pole * 190
        canvas.polygon(
            [(x, 250), (x + 60, 250), (x + 30, 310)], ("#c4161f", GOLD, "#2469a8")[pole % 3]
        )
    canvas.line([(0, 250), (1600, 250)], "#f6f6f2", 4)

"""Scenes of the works: mine, tunnel, plants, rescue."""

from __future__ import annotations

import math

from portal.demo.canvas import Canvas, mixed
from portal.demo.figures import GOLD, cloud, pine, standing


def headframe(canvas: Canvas) -> None:
    """A winding tower before a setting sun."""
    canvas.gradient([(0, "#f0a85c"), (0.45, "#d96a3f"), (0.75, "#a83a34"), (1, "#5a1a2c")])
    canvas.glow(1090, 330, 520, "#ffe2a0", 0.55)
    canvas.circle(1090, 330, 128, "#ffe9b3")
    for x, y, size in ((300, 190, 46), (640, 120, 34), (1380, 170, 40)):
        cloud(canvas, x, y, size, mixed("#f0a85c", "#fff0d0", 0.45))
    canvas.ridge(690, 320, 5, "#8a3040")
    canvas.ridge(760, 230, 7, "#5d2035")
    dark = "#1d0d16"
    # The tower: two legs, two stays, cross bars and the winding wheel.
    canvas.line([(470, 330), (470, 845)], dark, 20)
    canvas.line([(600, 330), (600, 845)], dark, 20)
    canvas.line([(596, 350), (880, 845)], dark, 18)
    canvas.line([(600, 460), (815, 845)], dark, 10)
    for top in (340, 450, 560, 670):
        canvas.line([(470, top), (600, top)], dark, 12)
        canvas.line([(470, top), (600, top + 110)], dark, 7)
        canvas.line([(600, top), (470, top + 110)], dark, 7)
    canvas.box(440, 305, 190, 26, dark, 6)
    for wheel in (476, 594):
        canvas.ring(wheel, 262, 56, dark, 11)
        for spoke in range(6):
            angle = math.pi * spoke / 3
            end = (wheel + 50 * math.cos(angle), 262 + 50 * math.sin(angle))
            canvas.line([(wheel, 262), end], dark, 4)
    canvas.line([(628, 218), (1000, 700)], dark, 4)
    canvas.polygon([(930, 700), (1020, 650), (1260, 650), (1260, 840), (930, 840)], dark)
    canvas.box(1285, 600, 34, 240, dark)
    canvas.polygon([(300, 810), (330, 640), (420, 640), (440, 810)], dark)
    for window in range(4):
        canvas.box(960 + window * 70, 730, 34, 42, "#ffcf70", 3)
    canvas.ridge(880, 110, 6, "#16080f", sharp=False)
    canvas.box(0, 835, 1600, 70, "#16080f")


def tunnel(canvas: Canvas) -> None:
    """A roadway with arches and lamps, and three people walking into the light."""
    canvas.gradient([(0, "#17181d"), (1, "#0d0e12")])
    middle, floor = 800, 470
    for ring in range(9, -1, -1):
        share = (ring / 9) ** 1.8
        wide, high = 90 + 960 * share, 80 + 640 * share
        ground = floor + 30 + 420 * share
        rock = mixed("#c89a56", "#22232b", min(1, 0.25 + share * 1.1))
        canvas.slice(middle, ground, wide, high * 1.25, 180, 360, mixed(rock, "#000000", 0.25))
        canvas.slice(middle, ground, wide * 0.955, high * 1.2, 180, 360, rock)
    canvas.glow(middle, 455, 330, "#ffdf9a", 0.85)
    canvas.slice(middle, 500, 88, 98, 180, 360, "#fff0c4")
    canvas.polygon([(720, 500), (880, 500), (1600, 900), (0, 900)], "#3b332c")
    canvas.polygon([(740, 500), (860, 500), (1290, 900), (310, 900)], "#544838")
    for rail in (-1, 1):
        canvas.polygon(
            [
                (middle + rail * 26, 500),
                (middle + rail * 30, 500),
                (middle + rail * 292, 900),
                (middle + rail * 262, 900),
            ],
            "#b8a27c",
        )
    for sleeper in range(9):
        share = ((sleeper + 1) / 9) ** 2
        y = 505 + 380 * share
        canvas.box(middle - 40 - 270 * share, y, 80 + 540 * share, 3 + 13 * share, "#2b241e", 2)
    for lamp in range(5):
        share = ((lamp + 1) / 5) ** 1.7
        x, y = middle + 10 + 420 * share, 405 - 250 * share
        canvas.glow(x, y, 60 + 190 * share, "#ffd27a", 0.75)
        canvas.ellipse(x, y, 7 + 19 * share, 5 + 12 * share, "#fff3cf")
    canvas.line([(middle - 70, 440), (330, 250), (0, 70)], "#7d6d55", 9)
    canvas.line([(middle - 70, 455), (330, 310), (0, 170)], "#5c5244", 6)
    for x, foot, tall, coat in (
        (700, 700, 250, "#2c4a6b"),
        (830, 760, 300, "#243c58"),
        (985, 705, 256, "#2f5372"),
    ):
        standing(canvas, x, foot, tall, coat, "#1c2733", "#d9a321", stripe="#dfe7c4")
        canvas.glow(x, foot - tall + tall * 0.07, 46, "#fff3c8", 0.9)


def washing(canvas: Canvas) -> None:
    """A coal washing plant with conveyor galleries on a clear day."""
    canvas.gradient([(0, "#8fc3dd"), (0.7, "#d6ecf0"), (1, "#f3f3e3")])
    canvas.circle(1330, 170, 70, "#fff2bf")
    for x, y, size in ((250, 170, 56), (760, 110, 40), (1480, 300, 44)):
        cloud(canvas, x, y, size, "#f6fbfc")
    canvas.ridge(640, 190, 6, "#a9c6b8", sharp=False)
    canvas.ridge(690, 120, 8, "#86ab97", sharp=False)
    canvas.box(0, 690, 1600, 210, "#c9bd9d")
    canvas.box(520, 300, 430, 420, "#ece6d8")
    canvas.box(520, 300, 430, 34, "#b9403a")
    canvas.box(950, 400, 280, 320, "#dcd4c2")
    canvas.box(950, 400, 280, 26, "#94302f")
    for row in range(4):
        for column in range(6):
            canvas.box(552 + column * 64, 366 + row * 82, 42, 48, "#7fa6b8", 3)
    for column in range(4):
        canvas.box(980 + column * 62, 470, 40, 190, "#8fb2c1", 3)
    # Galleries: a long box on legs from the heap to the plant and on to the silos.
    canvas.polygon([(60, 640), (60, 600), (540, 330), (540, 386)], "#5a6b78")
    canvas.polygon([(60, 600), (60, 592), (540, 320), (540, 330)], "#c6453d")
    for leg in (180, 300, 420):
        canvas.line([(leg, 620 - (leg - 60) * 0.56 + 10), (leg, 712)], "#4a5862", 9)
    canvas.polygon([(1200, 470), (1200, 430), (1420, 330), (1420, 374)], "#5a6b78")
    for x in (1330, 1460):
        canvas.box(x, 380, 116, 340, "#d9dbd8", 10)
        canvas.slice(x + 58, 386, 58, 44, 180, 360, "#aeb4b4")
        canvas.box(x, 470, 116, 14, "#b9403a")
    canvas.polygon([(-40, 740), (120, 590), (290, 740)], "#2d2b2e")
    canvas.polygon([(120, 590), (290, 740), (150, 740)], "#221f23")
    canvas.box(0, 735, 1600, 170, "#b3a684")
    canvas.polygon([(620, 900), (720, 735), (800, 735), (860, 900)], "#d8cfb4")
    for x in (40, 400, 1250, 1540):
        pine(canvas, x, 800, 120, "#41734f")
    standing(canvas, 690, 850, 160, "#d0702c", "#34404c", "#f4c430", stripe="#f3eec2", arm="right")
    standing(canvas, 800, 856, 160, "#2c5a7d", "#2b3440", "#ffffff")


def power(canvas: Canvas) -> None:
    """A heating plant on a winter night."""
    canvas.gradient([(0, "#0e1d3a"), (0.55, "#274a72"), (0.85, "#6f8fae"), (1, "#b9c7d3")])
    for _ in range(70):
        x, y = canvas.chance.uniform(0, 1600), canvas.chance.uniform(0, 430)
        canvas.circle(x, y, canvas.chance.uniform(0.8, 2.2), "#d8e4f2")
    canvas.glow(1380, 150, 170, "#f3ecc8", 0.5)
    canvas.circle(1380, 150, 48, "#f7f0d2")
    for x, wide in ((420, 210), (770, 190)):
        top, foot = 330, 730
        for puff in range(6):
            canvas.glow(
                x + 26 * puff, top - 34 * puff, 120 + 20 * puff, "#dfe8f0", 0.5 - 0.06 * puff
            )
        left, right = [], []
        for part in range(21):
            share = part / 20
            half = wide * (0.56 + 0.44 * (share - 0.32) ** 2 * 2.1 + 0.1 * share)
            y = top + (foot - top) * share
            left.append((x - half, y))
            right.append((x + half, y))
        canvas.polygon(left + right[::-1], "#9fb2c4")
        canvas.polygon(
            [*[(x, y) for x, y in right], (x + 20, foot), (x + 30, top)], "#8297ad", 0.75
        )
        canvas.ellipse(x, top, wide * 0.66, 18, "#5f748c")
    canvas.box(1040, 210, 44, 540, "#c4ccd4")
    for band in (230, 300, 370):
        canvas.box(1040, band, 44, 34, "#b8312f")
    for puff in range(7):
        canvas.glow(
            1064 + 34 * puff, 190 - 20 * puff, 62 + 16 * puff, "#e9eef3", 0.55 - 0.05 * puff
        )
    canvas.box(980, 480, 470, 280, "#31465d")
    canvas.box(1130, 420, 250, 80, "#2a3d52")
    for row in range(4):
        for column in range(9):
            lit = canvas.chance.random() < 0.72
            canvas.box(
                1008 + column * 48, 520 + row * 54, 28, 30, "#ffd57d" if lit else "#486079", 2
            )
    canvas.ridge(800, 60, 9, "#e3eaf0", sharp=False)
    canvas.box(0, 775, 1600, 130, "#dfe7ee")
    for x, wide, high in ((40, 150, 170), (215, 120, 130), (1470, 130, 190)):
        canvas.box(x, 790 - high, wide, high, "#24364c")
        for row in range(int(high / 44)):
            for column in range(int(wide / 38)):
                canvas.box(x + 14 + column * 36, 806 - high + row * 42, 18, 22, "#ffcf74", 2)
    canvas.line([(0, 838), (620, 818), (1600, 846)], "#b9c4ce", 16)
    canvas.line([(0, 860), (620, 840), (1600, 868)], "#a8b4c0", 16)
    for x in (330, 700, 960, 1250):
        canvas.box(x - 3, 760, 6, 70, "#3b4c5e")
        canvas.glow(x, 758, 70, "#ffe2a0", 0.85)
    for _ in range(150):
        x, y = canvas.chance.uniform(0, 1600), canvas.chance.uniform(0, 900)
        canvas.circle(x, y, canvas.chance.uniform(1, 3.2), "#f4f8fb")


def rescue(canvas: Canvas) -> None:
    """A rescue team lined up before its vehicle."""
    canvas.gradient([(0, "#f6d9a8"), (0.6, "#f3c184"), (1, "#d98f5a")])
    canvas.glow(330, 240, 300, "#fff3d2", 0.7)
    canvas.circle(330, 240, 74, "#fff3d2")
    canvas.ridge(640, 240, 6, "#c9855c")
    canvas.ridge(690, 120, 7, "#a7654a")
    canvas.box(0, 680, 1600, 220, "#8f6a55")
    canvas.polygon([(0, 730), (1600, 700), (1600, 900), (0, 900)], "#7b5a49")
    canvas.box(700, 390, 690, 270, "#b5121d", 18)
    canvas.polygon([(1390, 430), (1500, 450), (1545, 560), (1545, 660), (1390, 660)], "#9e0f19")
    canvas.polygon([(1405, 455), (1488, 470), (1520, 560), (1405, 560)], "#bcdce8")
    canvas.box(700, 540, 690, 30, "#f4efe2")
    canvas.box(700, 582, 690, 12, GOLD)
    for window in range(4):
        canvas.box(740 + window * 155, 430, 120, 80, "#cfe5ec", 8)
    canvas.box(980, 360, 150, 32, "#2f6fb0", 10)
    canvas.glow(1055, 372, 110, "#8fc8ff", 0.6)
    for wheel in (850, 1220, 1440):
        canvas.circle(wheel, 668, 62, "#231f22")
        canvas.circle(wheel, 668, 30, "#b9b4ac")
    coats = ("#d4571f", "#cf4d1c", "#d4571f", "#c84a1a", "#d4571f", "#cf4d1c")
    for index, coat in enumerate(coats):
        x = 190 + index * 150
        standing(canvas, x, 850, 320, coat, "#2c3140", "#c11a22", stripe="#f1e9a6")
        canvas.box(x - 46, 610, 14, 96, "#4d5561", 6)
        canvas.box(x + 32, 610, 14, 96, "#4d5561", 6)


def hoist(canvas: Canvas) -> None:
    """The winding engine room: drum, rope, desk and operator."""
    canvas.gradient([(0, "#e9ecdf"), (0.7, "#d5dccb"), (1, "#c5cdb9")])
    canvas.box(0, 690, 1600, 210, "#9ca489")
    for tile in range(9):
        canvas.line([(tile * 200, 690), (tile * 290 - 360, 900)], "#8f977d", 3)
    for window in range(3):
        x = 110 + window * 250
        canvas.box(x, 110, 190, 280, "#f7f8f0", 6)
        canvas.gradient([(0, "#9fd0e6"), (1, "#dff0ee")], 122, 378, x + 12, x + 178)
        canvas.box(x + 90, 110, 10, 280, "#f7f8f0")
        canvas.box(x, 238, 190, 10, "#f7f8f0")
    canvas.box(860, 640, 640, 90, "#5c6a5f", 8)
    canvas.circle(1180, 440, 282, "#385c4d")
    canvas.circle(1180, 440, 252, "#4d7a66")
    for groove in range(7):
        canvas.ring(1180, 440, 236 - groove * 20, "#3f6756", 5)
    for spoke in range(8):
        angle = math.pi * spoke / 4 + 0.2
        tip = (1180 + 205 * math.cos(angle), 440 + 205 * math.sin(angle))
        canvas.line([(1180, 440), tip], "#2f5142", 20)
    canvas.circle(1180, 440, 62, "#c9a13b")
    canvas.circle(1180, 440, 30, "#8d6f24")
    canvas.line([(1010, 225), (720, 0)], "#2b2d2f", 11)
    for brake in (905, 1400):
        canvas.box(brake, 350, 58, 190, "#b1222a", 10)
        canvas.box(brake + 12, 540, 34, 130, "#6a706b", 4)
    canvas.polygon([(150, 690), (190, 545), (590, 545), (640, 690)], "#d9dee0")
    canvas.box(120, 690, 560, 120, "#7d8a92", 10)
    for dial in range(4):
        x = 250 + dial * 92
        canvas.circle(x, 615, 36, "#33424c")
        canvas.circle(x, 615, 29, "#f5f5ee")
        canvas.line([(x, 615), (x + 18, 600 + dial * 5)], "#b1222a", 5)
    for button in range(6):
        fill = ("#2f8f4e", "#b1222a", GOLD)[button % 3]
        canvas.circle(230 + button * 68, 668, 11, fill)
    standing(canvas, 745, 850, 400, "#2c4a6b", "#263445", "#f0c233", arm="left")
    canvas.box(1290, 60, 230, 76, "#b1222a", 8)
    for line in range(2):
        canvas.box(1315, 82 + line * 22, 180 - line * 60, 10, "#fbe7c0", 5)


def control(canvas: Canvas) -> None:
    """A control centre: a wall of screens and two operators seen from behind."""
    canvas.gradient([(0, "#0f2233"), (1, "#16324a")])
    for column in range(4):
        for row in range(2):
            x, y = 110 + column * 350, 70 + row * 225
            canvas.box(x, y, 330, 205, "#0a1722", 8)
            canvas.gradient([(0, "#123a52"), (1, "#0f2c40")], y + 9, y + 196, x + 9, x + 321)
            _screen(canvas, x + 9, y + 9, column + row * 4)
    canvas.glow(800, 330, 760, "#3d9fc4", 0.22)
    canvas.box(0, 640, 1600, 260, "#1d2b38")
    canvas.polygon([(120, 700), (1480, 700), (1600, 800), (0, 800)], "#c7ccd0")
    canvas.polygon([(0, 800), (1600, 800), (1600, 900), (0, 900)], "#98a1a8")
    for x in (300, 560, 1000, 1260):
        canvas.box(x - 95, 580, 190, 118, "#0c161f", 8)
        canvas.gradient([(0, "#2b6f8c"), (1, "#1a4a63")], 589, 690, x - 87, x + 87)
        canvas.line([(x - 70, 660), (x - 30, 630), (x + 10, 648), (x + 70, 612)], "#ffd77a", 5)
        canvas.box(x - 14, 698, 28, 26, "#0c161f")
    for x, coat, hair in ((430, "#36598a", "#231b19"), (1130, "#7c2a35", "#2a1f1b")):
        canvas.box(x - 118, 700, 236, 220, "#25323d", 34)
        canvas.slice(x, 800, 120, 150, 180, 360, coat)
        canvas.box(x - 24, 610, 48, 60, "#c99570")
        canvas.circle(x, 580, 58, hair)
        if x > 1000:
            canvas.box(x - 58, 580, 116, 74, hair, 26)


def _screen(canvas: Canvas, x: float, y: float, kind: int) -> None:
    green, gold, blue = "#5fd39a", "#ffd77a", "#69c3e6"
    if kind % 4 == 0:
        points = [
            (x + 20 + part * 28, y + 110 + 46 * math.sin(part * 0.9 + kind)) for part in range(11)
        ]
        canvas.line(points, green, 5)
        canvas.line([(x + 20, y + 165), (x + 292, y + 165)], "#2f5f78", 3)
    elif kind % 4 == 1:
        for bar in range(8):
            high = 30 + 90 * abs(math.sin(bar * 1.3 + kind))
            canvas.box(x + 28 + bar * 34, y + 165 - high, 20, high, gold if bar == 4 else blue, 3)
    elif kind % 4 == 2:
        nodes = [(x + 40, y + 140), (x + 110, y + 70), (x + 185, y + 120), (x + 265, y + 50)]
        canvas.line(nodes, "#4c8aa6", 6)
        for index, (left, top) in enumerate(nodes):
            canvas.circle(left, top, 13, gold if index == 2 else green)
    else:
        canvas.arc(x + 90, y + 100, 58, 58, (150, 390), "#2f5f78", 14)
        canvas.arc(x + 90, y + 100, 58, 58, (150, 310), green, 14)
        for row in range(4):
            canvas.box(x + 180, y + 50 + row * 30, 110 - (row * 37) % 60, 12, blue, 6)


def fire(canvas: Canvas) -> None:
    """A fire drill: two people with a hose before a training fire."""
    canvas.gradient([(0, "#a9d3e4"), (0.65, "#e4f0e8"), (1, "#f4ecd2")])
    for x, y, size in ((240, 150, 50), (980, 110, 40)):
        cloud(canvas, x, y, size, "#f7fbfb")
    canvas.ridge(620, 130, 6, "#9fbf9f", sharp=False)
    canvas.box(0, 640, 1600, 260, "#c2b99e")
    canvas.polygon([(0, 720), (1600, 690), (1600, 900), (0, 900)], "#b3a98d")
    for tank, high in ((1020, 250), (1400, 300)):
        canvas.box(tank, 660 - high, 230, high, "#e8e8e2", 12)
        canvas.slice(tank + 115, 664 - high, 115, 40, 180, 360, "#cfd2cf")
        canvas.box(tank, 560, 230, 24, "#b9302f")
    for puff in range(7):
        canvas.glow(
            1150 - puff * 14, 520 - puff * 62, 130 + puff * 22, "#5d5a5a", 0.5 - puff * 0.05
        )
    canvas.box(1080, 690, 190, 60, "#6f6a66", 10)
    for wide, high, fill in ((96, 250, "#d9481c"), (70, 190, "#f08a24"), (42, 120, "#ffd14f")):
        points = []
        for part in range(25):
            angle = math.pi * part / 24
            sway = 16 * math.sin(part * 1.7)
            points.append(
                (
                    1175 - wide * math.cos(angle) + sway * 0.4,
                    705 - high * math.sin(angle) ** 1.6 - sway,
                )
            )
        canvas.polygon(points, fill)
    canvas.glow(1175, 620, 320, "#ffb347", 0.4)
    for spread in range(5):
        canvas.beam(
            [(640, 560), (1140, 590 + spread * 16), (1140, 640 + spread * 14), (640, 574)],
            "#eaf7fb",
            0.34,
            9,
        )
    canvas.line([(170, 880), (330, 840), (450, 690), (560, 590)], "#d8c9a2", 17)
    canvas.line([(560, 590), (652, 566)], "#8d2226", 18)
    standing(canvas, 520, 820, 360, "#2b3a52", "#1f2a3c", "#c11a22", stripe="#f1e46a", arm="right")
    standing(canvas, 350, 845, 350, "#2b3a52", "#1f2a3c", "#c11a22", stripe="#f1e46a", arm="right")


def skills(canvas: Canvas) -> None:
    """A workshop: people at the bench, tools on the wall."""
    canvas.gradient([(0, "#eef0ea"), (1, "#dde2d8")])
    canvas.box(0, 660, 1600, 240, "#a9ada0")
    canvas.box(90, 90, 1420, 330, "#d6dccd", 12)
    for column in range(12):
        for row in range(3):
            canvas.circle(150 + column * 118, 140 + row * 110, 4, "#b9c0ae")
    for index in range(6):
        x = 190 + index * 122
        canvas.line([(x, 150), (x, 270)], "#6b747a", 14)
        canvas.ring(x, 285, 24, "#6b747a", 12)
    for index in range(4):
        x = 960 + index * 130
        canvas.box(x, 140, 26, 90, "#b1222a", 8)
        canvas.box(x + 8, 230, 10, 100, "#7a828a", 4)
    canvas.box(520, 0, 560, 66, "#a80d1b")
    for part in range(4):
        canvas.box(580 + part * 116, 22, 86, 22, "#f6dfa4", 6)
    for lamp in (320, 800, 1280):
        canvas.line([(lamp, 0), (lamp, 300)], "#50565c", 4)
        canvas.slice(lamp, 330, 70, 46, 180, 360, "#40505c")
        canvas.glow(lamp, 350, 190, "#fff2cc", 0.6)
    for x, coat, helmet in (
        (330, "#2c5a7d", "#f4c430"),
        (800, "#7c3a2c", "#2f6fb0"),
        (1270, "#2f6b52", "#d9481c"),
    ):
        standing(canvas, x, 880, 470, coat, "#2b3440", helmet, arm="both")
    canvas.box(110, 660, 1380, 44, "#8a5a35", 6)
    canvas.box(110, 704, 1380, 190, "#6d452a")
    for x in (330, 800, 1270):
        canvas.box(x - 90, 590, 180, 72, "#5f6b74", 8)
        canvas.circle(x - 50, 626, 18, GOLD)
        canvas.box(x - 10, 608, 80, 10, "#2d363d", 4)
        canvas.box(x - 10, 632, 56, 10, "#b1222a", 4)
    for drawer in range(5):
        canvas.box(160 + drawer * 262, 736, 220, 90, "#7d5233", 6)
        canvas.box(240 + drawer * 262, 772, 60, 10, "#d8b57a", 5)

"""A small drawing board for the demo pictures: flat shapes, drawn large and scaled down smooth.

All measures are in points of the finished picture; everything is drawn at twice the size and
reduced once, which is what takes the steps out of slanted edges.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

_SCALE = 2


def colour(written: str) -> Colour:
    """Read "#a1b2c3"."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)


def mixed(first: str, second: str, share: float) -> str:
    """Mix two colours; `share` 0 gives the first, 1 the second."""
    pairs = zip(colour(first), colour(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """One picture in the making; the same seed always gives the same picture."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width = width
        self.height = height
        self.chance = random.Random(seed)  # noqa: S311  pictures, not secrets
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), "#ffffff")
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        """Give the picture at its real size."""
        return self._image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def gradient(
        self,
        stops: Sequence[tuple[float, str]],
        top: float = 0,
        bottom: float | None = None,
        left: float = 0,
        right: float | None = None,
    ) -> None:
        """Fill a box with colours that run from top to bottom; stops go from 0 to 1."""
        x, y, wide, high = self._box(
            left,
            top,
            (self.width if right is None else right) - left,
            (self.height if bottom is None else bottom) - top,
        )
        strip = Image.new("RGB", (1, high))
        for row in range(high):
            strip.putpixel((0, row), _between(stops, row / max(1, high - 1)))
        self._image.paste(strip.resize((wide, high)), (x, y))

    def polygon(self, points: Sequence[Point], fill: str, opacity: float = 1) -> None:
        """Fill a polygon, see-through when opacity is under 1."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        if opacity >= 1:
            self._draw.polygon(scaled, fill=fill)
            return
        mask = Image.new("L", self._image.size, 0)
        ImageDraw.Draw(mask).polygon(scaled, fill=round(255 * opacity))
        self._image.paste(colour(fill), (0, 0), mask)

    def ellipse(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        """Fill an ellipse given by its middle and half axes."""
        self._draw.ellipse(self._corners(x - wide, y - high, 2 * wide, 2 * high), fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        """Fill a circle given by its middle."""
        self.ellipse(x, y, radius, radius, fill)

    def ring(self, x: float, y: float, radius: float, outline: str, width: float) -> None:
        """Draw the rim of a circle."""
        self._draw.ellipse(
            self._corners(x - radius, y - radius, 2 * radius, 2 * radius),
            outline=outline,
            width=round(width * _SCALE),
        )

    def slice(
        self, x: float, y: float, wide: float, high: float, start: float, end: float, fill: str
    ) -> None:
        """Fill a slice of an ellipse; angles in degrees, 0 at three o'clock, clockwise."""
        corners = self._corners(x - wide, y - high, 2 * wide, 2 * high)
        self._draw.pieslice(corners, start, end, fill=fill)

    def arc(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        turn: tuple[float, float],
        fill: str,
        width: float,
    ) -> None:
        """Draw a part of an ellipse's rim from one angle to another."""
        corners = self._corners(x - wide, y - high, 2 * wide, 2 * high)
        self._draw.arc(corners, turn[0], turn[1], fill=fill, width=round(width * _SCALE))

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str, radius: float = 0
    ) -> None:
        """Fill a box given by its upper left corner, with rounded corners if wanted."""
        self._draw.rounded_rectangle(
            self._corners(x, y, wide, high), radius=radius * _SCALE, fill=fill
        )

    def frame(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        outline: str,
        width: float,
        radius: float,
    ) -> None:
        """Draw the rim of a rounded box."""
        self._draw.rounded_rectangle(
            self._corners(x, y, wide, high),
            radius=radius * _SCALE,
            outline=outline,
            width=round(width * _SCALE),
        )

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        """Draw a line with round ends."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * _SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.circle(x, y, width / 2, fill)

    def glow(self, x: float, y: float, radius: float, fill: str, strength: float = 0.8) -> None:
        """Lay a soft round light over the picture."""
        size = round(2 * radius * _SCALE)
        light = Image.radial_gradient("L").resize((size, size), Image.Resampling.BILINEAR)
        faded = light.point(
            [round(max(0.0, 1 - i / 180) ** 1.6 * 255 * strength) for i in range(256)]
        )
        corner = (round((x - radius) * _SCALE), round((y - radius) * _SCALE))
        self._image.paste(colour(fill), (*corner, corner[0] + size, corner[1] + size), faded)

    def beam(self, points: Sequence[Point], fill: str, opacity: float, softness: float) -> None:
        """Lay a polygon of light with soft edges over the picture."""
        # A quarter of the size is enough for something blurred, and sixteen times faster.
        small = (self._image.width // 4, self._image.height // 4)
        mask = Image.new("L", small, 0)
        scaled = [(x * _SCALE / 4, y * _SCALE / 4) for x, y in points]
        ImageDraw.Draw(mask).polygon(scaled, fill=round(255 * opacity))
        mask = mask.filter(ImageFilter.GaussianBlur(softness * _SCALE / 4))
        self._image.paste(colour(fill), (0, 0), mask.resize(self._image.size))

    def ridge(self, base: float, rise: float, peaks: int, fill: str, sharp: bool = True) -> None:
        """Draw a mountain ridge from edge to edge, down to the bottom of the picture."""
        step = (self.width + 200) / peaks
        tops = [
            (
                -100 + step * (peak + 0.5) + self.chance.uniform(-0.2, 0.2) * step,
                rise * self.chance.uniform(0.45, 1),
            )
            for peak in range(peaks)
        ]
        points: list[Point] = [(-20, self.height + 10), (-20, base)]
        if sharp:
            for middle, high in tops:
                valley = base - rise * self.chance.uniform(0.05, 0.25)
                points += [(middle, base - high), (middle + step * 0.5, valley)]
        else:
            for x in range(-20, self.width + 130, 10):
                bumps = (
                    high * math.cos(math.pi / 2 * min(1.0, abs(x - middle) / (step * 0.8))) ** 2
                    for middle, high in tops
                )
                points.append((x, base - max(bumps)))
        points += [(self.width + 120, base), (self.width + 120, self.height + 10)]
        self.polygon(points, fill)

    def _corners(self, x: float, y: float, wide: float, high: float) -> tuple[float, ...]:
        return (x * _SCALE, y * _SCALE, (x + wide) * _SCALE, (y + high) * _SCALE)

    def _box(self, x: float, y: float, wide: float, high: float) -> tuple[int, int, int, int]:
        return (
            round(x * _SCALE),
            round(y * _SCALE),
            max(1, round(wide * _SCALE)),
            max(1, round(high * _SCALE)),
        )


def _between(stops: Sequence[tuple[float, str]], where: float) -> Colour:
    for (start, first), (end, second) in itertools.pairwise(stops):
        if where <= end:
            share = (where - start) / (end - start) if end > start else 1
            return colour(mixed(first, second, min(1.0, max(0.0, share))))
    return colour(stops[-1][1])

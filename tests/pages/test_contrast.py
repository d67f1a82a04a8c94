"""The colours of the portal: contrast is computed, never judged by eye.

Source of the ratios: WCAG 2.2, success criteria 1.4.3 (text, 4.5 to 1) and 1.4.11 (parts of
controls, 3 to 1).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR) / "portal/static/portal/css"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")
PROMISE = re.compile(r"/\* contrast: (--[\w-]+) on (--[\w-]+) ([\d.]+) \*/")
PALETTE = re.compile(r"^  ([^\s{}][^{}]*?) \{(.*?)^  \}", re.MULTILINE | re.DOTALL)
DECLARATION = re.compile(r"(--[\w-]+):\s*([^;]+);")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")


def palettes() -> dict[str, dict[str, str]]:
    """Return the tokens of every palette by its selector, later ones on top of the first."""
    found: dict[str, dict[str, str]] = {}
    normal: dict[str, str] = {}
    for selector, block in PALETTE.findall(TOKENS):
        normal = normal or dict(DECLARATION.findall(block))
        found[selector] = normal | dict(DECLARATION.findall(block))
    large, high = 'html[data-text="large"]', 'html[data-contrast="high"]'
    found["both modes"] = found[large] | dict(
        DECLARATION.findall(next(block for name, block in PALETTE.findall(TOKENS) if name == high))
    )
    return found


def resolved(tokens: dict[str, str], name: str) -> str:
    """Follow var() references down to a colour of six digits."""
    value = tokens[name].strip()
    while value.startswith("var("):
        value = tokens[value.removeprefix("var(").removesuffix(")")].strip()
    assert re.fullmatch(r"#[0-9a-f]{6}", value), f"{name} is {value}, not a colour of six digits"
    return value


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG, 0 for black and 1 for white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_ratio_of_known_colours() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#ffffff", "#b71c1c") == pytest.approx(6.57, abs=0.01)
    assert ratio("#d4af37", "#ffffff") == pytest.approx(2.10, abs=0.01)


@pytest.mark.parametrize("palette", palettes())
def test_every_promised_contrast_is_kept(palette: str) -> None:
    tokens = palettes()[palette]
    promises = PROMISE.findall(TOKENS)
    assert len(promises) > 40
    broken = []
    for text, background, least in promises:
        found = ratio(resolved(tokens, text), resolved(tokens, background))
        if found < float(least):
            broken.append(f"{text} on {background}: {found:.2f}, promised {least}")
    assert broken == []


def test_elderly_mode_aims_at_seven() -> None:
    tokens = palettes()['html[data-text="large"]']
    for text in ("--ink", "--muted", "--link", "--red"):
        assert ratio(resolved(tokens, text), resolved(tokens, "--surface")) >= 7


def test_text_over_a_picture_stands_on_the_veil() -> None:
    """Even a white picture under the thinnest part of the veil leaves the text readable."""
    veil = palettes()[":root"]["--veil-high"]
    red, green, blue, percent = (int(number) for number in re.findall(r"\d+", veil))
    mixed = [round(part * percent / 100 + 255 * (1 - percent / 100)) for part in (red, green, blue)]
    background = "#" + "".join(f"{part:02x}" for part in mixed)
    tokens = palettes()[":root"]
    assert ratio(resolved(tokens, "--on-veil"), background) >= 4.5
    assert ratio(resolved(tokens, "--on-veil-soft"), background) >= 4.5


@pytest.mark.parametrize(
    "sheet",
    ["base.css", "layout.css", "components.css", "pages.css", "modes.css"],
)
def test_colours_are_written_in_the_tokens_only(sheet: str) -> None:
    assert COLOUR.findall((STYLES / sheet).read_text(encoding="utf-8")) == []


def named_files(text: str) -> set[Path]:
    """Return the styles and scripts a template or a script names, and those these name."""
    static = STYLES.parent
    found = {static / name for name in re.findall(r"portal/((?:css|js)/[\w-]+\.(?:css|js))", text)}
    found |= {static / "js" / name for name in re.findall(r"\./([\w-]+\.js)", text)}
    for path in [path for path in found if path.suffix == ".js"]:
        found |= named_files(path.read_text(encoding="utf-8"))
    return found


def test_styles_and_scripts_of_a_page_weigh_less_than_100_kilobytes() -> None:
    templates = Path(settings.BASE_DIR) / "templates"
    base = [templates / "base.html", templates / "components/styles.html"]
    shared = set().union(*(named_files(path.read_text(encoding="utf-8")) for path in base))
    assert len(shared) >= 10
    for template in templates.rglob("*.html"):
        used = shared | named_files(template.read_text(encoding="utf-8"))
        weight = sum(path.stat().st_size for path in used)
        assert weight < 100_000, (template, weight)

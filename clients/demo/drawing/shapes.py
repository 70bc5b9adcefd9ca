"""Shapes of cut paper, light and water that the cover pictures are put together from."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

WIDTH, HEIGHT = 1600, 900
GRAIN = f'<rect width="{WIDTH}" height="{HEIGHT}" filter="url(#grain)" opacity=".16"/>'

DEFINITIONS = """
<filter id="paper" x="-25%" y="-25%" width="150%" height="150%">
  <feTurbulence type="fractalNoise" baseFrequency=".012" numOctaves="2" seed="4"/>
  <feDisplacementMap in="SourceGraphic" scale="7" xChannelSelector="R" yChannelSelector="G" result="cut"/>
  <feDropShadow in="cut" dx="0" dy="3" stdDeviation="7" flood-color="#2b1f14" flood-opacity=".2"/>
</filter>
<filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="16"/></filter>
<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="9"/>
  <feColorMatrix values="0 0 0 0 .3  0 0 0 0 .22  0 0 0 0 .12  0 0 0 .9 -.36"/></filter>
<filter id="far" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur stdDeviation="9"/></filter>
"""


def path(d: str, fill: str = "none", stroke: str = "none", width: float = 0, opacity: float = 1) -> str:
    line = f'stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" fill="{fill}" {line} opacity="{opacity}"/>'


def box(x: float, y: float, width: float, height: float, fill: str, round: float = 0, opacity: float = 1) -> str:
    at = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {at} rx="{round}" fill="{fill}" opacity="{opacity}"/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" opacity="{opacity}"/>'


def layer(*shapes: str) -> str:
    """Shapes cut from one sheet: a slightly uneven edge and a shadow on what lies below."""
    return f'<g filter="url(#paper)">{"".join(shapes)}</g>'


def blurred(*shapes: str, by: str = "soft") -> str:
    return f'<g filter="url(#{by})">{"".join(shapes)}</g>'


def moved(x: float, y: float, *shapes: str, turn: float = 0, scale: float = 1) -> str:
    return f'<g transform="translate({x} {y}) rotate({turn}) scale({scale})">{"".join(shapes)}</g>'


def sky(*colours: str, until: float = HEIGHT) -> str:
    stops = "".join(f'<stop offset="{i / (len(colours) - 1)}" stop-color="{c}"/>' for i, c in enumerate(colours))
    gradient = f'<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>'
    return gradient + box(0, 0, WIDTH, until, "url(#sky)")


def glow(x: float, y: float, radius: float, colour: str, strength: float = 0.8) -> str:
    name = f"glow{int(x)}-{int(y)}-{int(radius)}"
    stops = f'<stop stop-color="{colour}" stop-opacity="{strength}"/>'
    stops += f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/>'
    return f'<radialGradient id="{name}">{stops}</radialGradient>' + oval(x, y, radius, radius, f"url(#{name})")


def ridge(heights: list[float], fill: str) -> str:
    """A hill line through evenly spaced heights, filled down to the bottom edge."""
    step = (WIDTH + 80) / (len(heights) - 1)
    points = [(-40 + i * step, y) for i, y in enumerate(heights)]
    d = f"M-40 {HEIGHT + 40}L{points[0][0]} {points[0][1]}"
    for (x1, y1), (x2, y2) in pairwise(points):
        d += f"C{x1 + step / 2} {y1} {x2 - step / 2} {y2} {x2} {y2}"
    return path(f"{d}V{HEIGHT + 40}Z", fill)


def ripples(
    chance: Random, top: float, bottom: float, colours: list[str], count: int, left: int = 0, right: int = WIDTH
) -> str:
    """Short level strokes on water, longer and wider apart towards the front."""
    strokes = []
    for _ in range(count):
        depth = chance.random() ** 1.3
        y, length = top + (bottom - top) * depth, 20 + 110 * depth * chance.uniform(0.4, 1)
        strokes.append(
            path(
                f"M{chance.uniform(left, right):.0f} {y:.0f}h{length:.0f}",
                "none",
                chance.choice(colours),
                2 + 3 * depth,
            )
        )
    return "".join(strokes)


def grass(chance: Random, line: Callable[[float], float], colours: list[str], count: int, tall: float) -> str:
    blades = []
    for _ in range(count):
        x = chance.uniform(0, WIDTH)
        lean, height = chance.uniform(-0.3, 0.3) * tall, chance.uniform(0.4, 1) * tall
        blades.append(
            path(
                f"M{x:.0f} {line(x) + 6:.0f}q{lean / 4:.0f} {-height / 2:.0f} {lean:.0f} {-height:.0f}",
                "none",
                chance.choice(colours),
                3,
            )
        )
    return "".join(blades)


def cup(body: str, inside: str, rim: str) -> str:
    return (
        path("M96-70q70-8 60 44-10 40-68 44", "none", body, 17)
        + path("M-100-90Q-100 70-50 92H50Q100 70 100-90Z", body)
        + oval(0, -90, 100, 22, rim)
        + oval(0, -88, 88, 16, inside)
    )


def steam(x: float, y: float, scale: float, colour: str, opacity: float) -> str:
    curls = ("M0 0q-40-50 0-100t0-100 10-90", "M50 10q-36-46 0-92t4-96", "M-50 14q-34-40 0-80t-2-84")
    return moved(x, y, blurred(*(path(d, "none", colour, 15, opacity) for d in curls), by="far"), scale=scale)


def picture(drawing: str) -> str:
    """The whole SVG: filters, the drawing, and a little paper grain over it."""
    box_of_paper = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box_of_paper}><defs>{DEFINITIONS}</defs>{drawing}{GRAIN}</svg>'

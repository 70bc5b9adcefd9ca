"""The covers of Harbour's six articles."""

from itertools import pairwise
from random import Random

from clients.demo.drawing.shapes import (
    HEIGHT,
    WIDTH,
    blurred,
    box,
    glow,
    grass,
    layer,
    moved,
    oval,
    path,
    ridge,
    ripples,
    sky,
)


def two_chairs(chance: Random) -> str:
    def chair(wood: str, shade: str) -> str:
        return (
            path("M-84 0L-100 196M92 0l10 196", "none", shade, 17)
            + path("M-110-6L-136-262M-60-6L-72-270", "none", wood, 17)
            + path(
                "M-134-252Q-100-282-70-262M-128-190Q-98-212-68-196M-122-128Q-94-148-66-134M-116-70Q-90-88-62-76",
                "none",
                wood,
                19,
            )
            + path("M-124-12H96l36 30H-104z", wood)
            + path("M-104 18V214M128 18V214", "none", wood, 17)
            + path("M-102 120H126M-90 92H94", "none", shade, 10)
        )

    boards = "".join(
        path(f"M{800 + (x - 800) * 0.72} 640L{x} 900", "none", "#7c5747", 4) for x in range(-800, 2500, 150)
    )
    return (
        sky("#7d7f9b", "#c69a94", "#f0b98c", "#f6d5a4", until=480)
        + glow(800, 440, 420, "#ffe2ac", 0.9)
        + layer(oval(800, 438, 54, 54, "#f7e3b4"))
        + box(0, 440, WIDTH, 220, "#6f7f95")
        + box(0, 440, WIDTH, 8, "#8d94a3")
        + ripples(chance, 456, 640, ["#8896a8", "#5f7087", "#b49c9c"], 120)
        + ripples(chance, 452, 640, ["#f3cf9f", "#f6dcae"], 60, 700, 860)
        + layer(path("M-20 440Q180 380 420 440Z", "#566178"))
        + layer(path("M1220 440q240-50 420 0z", "#5f6a81"))
        + layer(box(-20, 636, WIDTH + 40, 300, "#96705a"))
        + boards
        + layer(
            box(70, -20, 44, 680, "#5b4238"),
            box(1486, -20, 44, 680, "#5b4238"),
            box(-20, -20, WIDTH + 40, 66, "#5b4238"),
        )
        + layer(
            path("M0 560H70M114 560H400M1200 560H1486M1530 560H1600", "none", "#6b4e42", 16),
            path("".join(f"M{x} 562v84" for x in [*range(150, 401, 62), *range(1214, 1480, 62)]), "none", "#6b4e42", 9),
        )
        + blurred(oval(550, 850, 210, 22, "#2f2220", 0.55), oval(1060, 850, 210, 22, "#2f2220", 0.55))
        + moved(550, 636, layer(chair("#c9855b", "#8f5a3e")))
        + f'<g transform="translate(1060 636) scale(-1 1)">{layer(chair("#4f7275", "#395457"))}</g>'
        + layer(path("M880 690h-150 150zM742 700H880v14H742zM764 714v118M858 714v118", "#6b4a38", "#6b4a38", 11))
        + layer(path("M790 652h42l-5 46h-32z", "#efe0c4"))
    )


def rain(chance: Random) -> str:
    lights = blurred(
        box(0, 0, WIDTH, HEIGHT, "#4f606b"),
        box(0, 0, WIDTH, 330, "#71838a"),
        box(40, 210, 430, 560, "#3d4c57"),
        box(500, 120, 380, 660, "#46555e"),
        box(930, 260, 320, 520, "#39474f"),
        box(1280, 160, 360, 620, "#45545d"),
        box(0, 720, WIDTH, 200, "#33414a"),
        box(592, 300, 150, 200, "#f5c15f"),
        by="far",
    )
    glimmer = glow(667, 400, 360, "#f8cf7d", 0.65) + blurred(box(610, 740, 116, 170, "#e5b564", 0, 0.55))
    trails, drops = [], []
    for _ in range(34):
        x, y, length = chance.uniform(60, 1540), chance.uniform(-60, 500), chance.uniform(140, 460)
        bend = chance.uniform(-16, 16)
        trails.append(
            path(
                f"M{x:.0f} {y:.0f}q{bend:.0f} {length / 2:.0f} {-bend / 2:.0f} {length:.0f}",
                "none",
                "#dfe7e6",
                chance.uniform(3, 7),
                0.22,
            )
        )
        drops.append((x - bend / 2, y + length, chance.uniform(9, 16)))
    drops += [(chance.uniform(50, 1550), chance.uniform(40, 800), chance.uniform(2.5, 8)) for _ in range(330)]
    beads = "".join(
        oval(x, y, r, r * 1.22, "#2c3a43", 0.35)
        + oval(x, y - r * 0.12, r * 0.86, r, "#c3d0d0", 0.55)
        + oval(x - r * 0.3, y - r * 0.45, r * 0.26, r * 0.3, "#ffffff", 0.9)
        for x, y, r in drops
    )
    frame = "#ede1c9"
    return (
        lights
        + glimmer
        + "".join(trails)
        + beads
        + layer(
            box(-20, -20, 76, 900, frame),
            box(1544, -20, 90, 900, frame),
            box(-20, -20, WIDTH + 40, 62, frame),
            box(1062, -20, 34, 900, frame),
        )
        + layer(box(-20, 812, WIDTH + 40, 110, "#f5ebd6"), box(-20, 812, WIDTH + 40, 8, "#d6c6a6"))
    )


def harbour_lights(chance: Random) -> str:
    shore, houses, windows, reflections = 520, [], [], []
    x = -20.0
    while x < WIDTH:
        width, height = chance.uniform(70, 130), chance.uniform(70, 190)
        roof = chance.choice([0, 36, 46])
        colour = chance.choice(["#17223a", "#1d2a45", "#121c31"])
        houses.append(
            path(
                f"M{x:.0f} {shore + 4}v{-height:.0f}l{width / 2:.0f} {-roof}l{width / 2:.0f} {roof}v{height:.0f}z",
                colour,
            )
        )
        for column in chance.sample(range(int(width) // 30), chance.randint(1, 2)):
            wx, wy = x + 12 + 30 * column, shore - 30 - 34 * chance.randrange(int(height) // 40)
            glowing = chance.choice(["#f8cb72", "#f4b458", "#fbe0a0"])
            windows.append(glow(wx + 7, wy + 9, 34, glowing, 0.5) + box(wx, wy, 14, 18, glowing, 2))
            long = chance.uniform(120, 300)
            reflections += [
                path(
                    f"M{wx + 7 + chance.gauss(0, 7):.0f} {y:.0f}h{chance.uniform(8, 26):.0f}",
                    "none",
                    glowing,
                    5,
                    0.75 - 0.6 * (y - shore) / 330,
                )
                for y in range(shore + 22, int(shore + long), 15)
            ]
        x += width
    sail = (
        path("M-130 0H130Q100 52 60 56H-74Q-116 50-130 0Z", "#8f4f3d")
        + path("M0 0V-250", "none", "#d8c6a4", 7)
        + path("M-112-4H112", "none", "#e8d6b2", 7)
    )
    return (
        sky("#131d33", "#233353", "#4a5878", until=shore)
        + "".join(
            oval(chance.uniform(0, WIDTH), chance.uniform(0, 280), 2.4, 2.4, "#e9e6da", chance.uniform(0.4, 0.95))
            for _ in range(60)
        )
        + layer(path(f"M-40 {shore}V400Q180 270 420 320T860 300T1300 260T1660 360V{shore}Z", "#3a4b6b"))
        + layer(path("M1200 300h54l-12-160h-30z", "#d9d2c0"), path("M1204 140h46l-10-34h-26z", "#b4553f"))
        + glow(1227, 124, 150, "#fff0bd", 0.85)
        + layer(*houses)
        + "".join(windows)
        + box(0, shore, WIDTH, 400, "#1d2c47")
        + layer(box(-20, shore - 6, WIDTH + 40, 18, "#172238"))
        + ripples(chance, shore + 24, HEIGHT, ["#2a3c5c", "#33466a", "#172640"], 190)
        + "".join(reflections)
        + moved(
            1060,
            720,
            oval(0, 74, 150, 16, "#101a2d", 0.6),
            layer(sail),
            path("M0 86q8 60-4 120", "none", "#d8c6a4", 5, 0.25),
            scale=1.05,
        )
        + layer(path("M-20 860H560v16h-580zM60 860v60M220 860v60M380 860v60M530 830v90", "#0f1828", "#0f1828", 16))
    )


def kite(chance: Random) -> str:
    tail = "M842 396C800 470 900 500 850 570S770 640 830 700"
    bows = "".join(
        moved(x, y, path("M0 0l-26-15v30zM0 0l26-15v30z", colour), turn=turn)
        for x, y, turn, colour in (
            (838, 452, 20, "#e9b25f"),
            (866, 520, -30, "#b9482f"),
            (832, 600, 25, "#e9b25f"),
            (818, 668, -10, "#b9482f"),
        )
    )
    clouds = "".join(
        blurred(oval(x, y, rx, 26, "#fffaf0", 0.95), oval(x + rx * 0.3, y - 22, rx * 0.5, 28, "#fffaf0", 0.9), by="far")
        for x, y, rx in ((290, 210, 170), (1290, 150, 200), (1180, 420, 120), (430, 470, 100))
    )
    birds = path("M1180 300q16-16 30 0 16-16 30 0M1270 262q11-11 22 0 11-11 22 0", "none", "#6b7b80", 5)
    return (
        sky("#b9d0d2", "#d7ded0", "#f2e6cc", until=760)
        + clouds
        + birds
        + box(0, 716, WIDTH, 50, "#87a9ab")
        + ripples(chance, 722, 760, ["#a9c3c1", "#6f9396", "#e8ece0"], 90)
        + layer(path("M-20 716Q120 660 330 716Z", "#8aa294"))
        + layer(ridge([768, 758, 764, 752, 760, 750, 762], "#efdcb4"))
        + layer(ridge([840, 818, 806, 812, 796, 806, 790], "#e6cd9d"))
        + path("M0 860q200-24 420-14M700 850q240-20 500-8M1100 886q180-16 420-8", "none", "#d6b983", 5)
        + grass(chance, lambda x: 905, ["#8b9a64", "#a3ab72", "#76885a"], 90, 110)
        + path("M770 250Q640 560 180 905", "none", "#6d5a49", 3)
        + path(tail, "none", "#6d5a49", 4)
        + layer(bows)
        + layer(path("M838 60L968 226 842 396 690 214Z", "#c8503a"))
        + path("M838 60L968 226 840 220Z", "#dd6f50")
        + path("M690 214L842 396 840 220Z", "#ad3f2c")
        + path("M838 60L842 396M690 214L968 226", "none", "#7d2f22", 5)
    )


def boats(chance: Random) -> str:
    shore = "C1500 190 1380 140 1220 158S960 206 800 186 520 150 360 172 120 210-20 188"
    hull = "M0-300C120-170 130 120 84 250Q0 276-84 250C-130 120-120-170 0-300Z"

    def open_boat(outside: str, inside: str, wood: str) -> str:
        floor = path("M0-236C80-130 92 110 60 216Q0 232-60 216C-92 110-80-130 0-236Z", inside)
        planks = path("M-24-180V220M24-180V220", "none", outside, 4, 0.5)
        benches = "".join(box(-w, y, 2 * w, 34, wood, 5) for y, w in ((-96, 72), (40, 90), (160, 76)))
        oars = path("M-40-150L-54 190M44-140L30 196", "none", "#e2c48f", 11) + path(
            "M-40-150l-12-70 24-2zM44-140l12-70-26 0z", "#e2c48f", "#e2c48f", 9
        )
        return layer(path(hull, outside)) + floor + planks + layer(benches) + layer(oars)

    ropes = "".join(
        path(f"M-{w} {y}Q0 {y - 26} {w} {y}", "none", "#e9dcc0", 6) for y, w in ((-150, 98), (-10, 124), (130, 122))
    )
    covered = (
        layer(path(hull, "#6a4a3c"))
        + layer(
            path(
                "M0-290C140-160 150 120 112 236Q60 262 30 240 0 270-40 242-80 262-112 236C-150 120-140-160 0-290Z",
                "#6f8790",
            )
        )
        + path("M0-286Q-14 0 0 246Q60 250 108 230C146 120 134-160 0-286Z", "#5f7680", opacity=0.8)
        + path("M0-280Q-14 0 0 240M-60-120Q-46 0-62 170M62-120Q52 20 66 160", "none", "#8aa0a6", 5, 0.8)
        + ropes
    )
    pebbles = "".join(
        oval(
            chance.uniform(0, WIDTH),
            chance.uniform(330, 890),
            r,
            r * 0.7,
            chance.choice(["#cdb489", "#bfa57b", "#f3e3c2"]),
        )
        for r in [chance.uniform(3, 8) for _ in range(170)]
    )
    shadows = blurred(
        *(
            moved(x + 26, y + 24, path(hull, "#4b3822", opacity=0.5), turn=t)
            for x, y, t in ((370, 560, -16), (820, 590, -5), (1270, 560, 9))
        )
    )
    return (
        box(0, 0, WIDTH, HEIGHT, "#e8d3a8")
        + glow(1250, 120, 900, "#fff2d4", 0.7)
        + layer(path(f"M-20-20H1640V166{shore}L-20-20Z", "#8fb2b0"))
        + ripples(chance, 10, 140, ["#a6c8c4", "#7ca3a4", "#f2eedd"], 70)
        + moved(0, 34, path(f"M1640 166{shore}", "none", "#d5bd8d", 26, 0.6))
        + path(f"M1640 166{shore}", "none", "#fdf6e4", 15, 0.95)
        + pebbles
        + shadows
        + moved(370, 560, open_boat("#b9583e", "#d7a877", "#8a5a3b"), turn=-16)
        + moved(820, 590, covered, turn=-5)
        + moved(1270, 560, open_boat("#44686e", "#caa678", "#80573c"), turn=9)
    )


TRAIL = [(490, 822, 8), (545, 800, 18), (620, 850, 38), (710, 930, 66), (810, 850, 110), (960, 720, 190)]


def trail_at(y: float) -> tuple[float, float]:
    """Centre and half width of the path through the reeds at this height."""
    for (y1, x1, w1), (y2, x2, w2) in pairwise(TRAIL):
        if y <= y2:
            t = max(0.0, (y - y1) / (y2 - y1))
            eased = t * t * (3 - 2 * t)
            return x1 + (x2 - x1) * eased, w1 + (w2 - w1) * eased
    return TRAIL[-1][1], TRAIL[-1][2]


def reeds(chance: Random) -> str:
    rows = range(490, 960, 10)
    left = " ".join(f"{x - w:.0f} {y}" for y in rows for x, w in [trail_at(y)])
    right = " ".join(f"{x + w:.0f} {y}" for y in reversed(rows) for x, w in [trail_at(y)])
    middle = " ".join(f"{x + w * 0.25:.0f} {y}" for y in rows for x, w in [trail_at(y)])
    stems = []
    for near in sorted(chance.random() ** 0.75 for _ in range(1900)):
        y = 496 + 560 * near
        x, (centre, half) = chance.uniform(-20, WIDTH + 20), trail_at(min(y, 900))
        height, width = chance.uniform(0.6, 1) * (52 + 330 * near), 2 + 6 * near
        lean = chance.gauss(0.1, 0.09) * height
        if abs(x - centre) < half + 8 + chance.uniform(0, 40) * near or abs(x + lean - centre) < half * 0.9:
            continue
        dry = (
            ["#e6c27a", "#d9a95a", "#c6924a", "#b98345"] if near < 0.6 else ["#d9a95a", "#a8743c", "#8a5d32", "#c6924a"]
        )
        stems.append(
            path(
                f"M{x:.0f} {y:.0f}q{-lean / 3:.0f} {-height * 0.6:.0f} {lean:.0f} {-height:.0f}",
                "none",
                chance.choice(dry),
                width,
            )
        )
        if chance.random() < 0.2:
            plume = f"M{x + lean:.0f} {y - height:.0f}q{width:.0f} {-width * 3:.0f} {width * 2.5:.0f} {-width * 6:.0f}"
            stems.append(path(plume, "none", "#8f5f3d" if near > 0.4 else "#a9774d", width * 1.7))
    return (
        sky("#e9e2cb", "#f4dcb0", "#f3cb95", until=430)
        + glow(820, 380, 420, "#fff3cf", 0.9)
        + layer(ridge([390, 372, 384, 368, 380, 366, 384], "#a9b0a0"))
        + box(0, 406, WIDTH, 110, "#a9bcb8")
        + ripples(chance, 412, 488, ["#c7d2c9", "#8ca6a5", "#f6e2b8"], 100)
        + layer(ridge([492, 488, 490, 486, 490, 488, 492], "#c39a56"))
        + layer(ridge([640, 620, 630, 616, 634, 624, 640], "#b1853f"))
        + layer(ridge([800, 780, 790, 776, 790, 784, 800], "#94692f"))
        + layer(path(f"M{left} {right}Z", "#ecd7a6"))
        + path(f"M{middle}", "none", "#d8bd84", 7, 0.7)
        + "".join(stems)
    )

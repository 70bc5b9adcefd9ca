"""The covers of Willow's six articles."""

from math import cos, sin, tau
from random import Random

from clients.demo.drawing.shapes import (
    HEIGHT,
    WIDTH,
    blurred,
    box,
    cup,
    glow,
    grass,
    layer,
    moved,
    oval,
    path,
    ridge,
    sky,
    steam,
)


def bench(chance: Random) -> str:
    def rise(x: float) -> float:
        return 690 - 95 * (1 - ((x - 800) / 900) ** 2)

    leaves = []
    for colour in ["#5f7f62"] * 14 + ["#6f8f6c"] * 13 + ["#86a27a"] * 11 + ["#9db48a"] * 7:
        turn, far = chance.uniform(0, tau), chance.random() ** 0.5
        x, y = 1090 + 300 * far * cos(turn), 270 + 125 * far * sin(turn)
        leaves.append(oval(x, y, chance.uniform(55, 100), chance.uniform(40, 66), colour))
    plank = "#8c5a3c"
    return (
        sky("#f2dfc0", "#f3d3ab", "#eec39a", until=640)
        + glow(420, 400, 420, "#fff1d0")
        + layer(oval(420, 400, 66, 66, "#e59a66"))
        + layer(ridge([500, 440, 470, 420, 480, 430, 470], "#c4c6a4"))
        + layer(ridge([560, 540, 500, 530, 490, 540, 520], "#a4b493"))
        + layer(ridge([690, 630, 600, 596, 610, 640, 700], "#86a07c"))
        + layer(
            path("M1050 640Q1085 500 1060 330h60Q1108 500 1150 640Z", "#6b4a37"),
            path("M1078 420Q1000 350 960 330M1096 400Q1170 340 1230 320", "none", "#6b4a37", 20),
        )
        + layer(*leaves[:14])
        + layer(*leaves[14:27])
        + layer(*leaves[27:38])
        + layer(*leaves[38:])
        + grass(chance, rise, ["#5f7f5c", "#7a9871", "#93ab80"], 150, 46)
        + blurred(oval(700, 652, 220, 14, "#2e3d2c", 0.5))
        + layer(
            box(540, 556, 320, 17, plank, 6),
            box(540, 526, 320, 15, plank, 6),
            box(540, 498, 320, 15, plank, 6),
            box(526, 592, 348, 18, "#a06a47", 6),
            path("M566 500v148M834 500v148M590 606v38M812 606v38", "none", "#4d3a2e", 13),
        )
        + layer(ridge([800, 760, 742, 750, 735, 762, 800], "#6d8c68"))
        + grass(chance, lambda x: 760, ["#54744f", "#6b8a62"], 130, 60)
    )


def coat(chance: Random) -> str:
    rail, hook = "#b98558", "#5b4331"
    boards = "".join(path(f"M{x} 560V800", "none", "#d5c3a4", 4) for x in range(40, WIDTH, 110))
    hooks = "".join(
        path(f"M{x} 205v58q0 24 24 24t22-22", "none", hook, 12) + oval(x, 205, 15, 15, hook)
        for x in (300, 620, 940, 1260)
    )
    return (
        box(0, 0, WIDTH, HEIGHT, "#efe2cb")
        + path("M900 0H1600V640L1180 900H520Z", "#f8edd6", opacity=0.8)
        + layer(box(-20, 545, WIDTH + 40, 275, "#e4d5ba"))
        + boards
        + box(0, 545, WIDTH, 14, "#cfba98")
        + layer(box(-20, 808, WIDTH + 40, 120, "#b58d66"))
        + path("M0 850H1600M300 812v36M900 812v36M600 852v48M1250 852v48", "none", "#9d7651", 4)
        + layer(box(150, 165, 1300, 84, rail, 12))
        + path("M190 190H900M980 224H1400", "none", "#a8754a", 4, 0.7)
        + layer(hooks)
        + layer(
            path(
                "M590 268Q640 232 690 268L792 330Q846 470 850 690L770 706 758 520 772 770Q640 806 508 770L522"
                " 520 510 706 430 690Q434 470 488 330Z",
                "#3f5a48",
            ),
        )
        + path("M640 330V782M758 520L748 420M522 520L532 420", "none", "#2f4637", 6)
        + path("M560 600h-36l-4 74h52zM720 600h36l4 74h-52z", "#385140", "#2f4637", 4)
        + layer(path("M588 272L640 330 692 272 726 312 668 408 640 346 612 408 554 312Z", "#4c6b56"))
        + "".join(oval(662, y, 9, 9, "#c8a877") for y in (440, 530, 620, 710))
        + layer(
            path("M930 270Q900 420 916 640l64 4Q984 420 972 270Z", "#c4704b"),
            path("M962 268Q1010 400 1000 560l-58 6Q960 420 934 268Z", "#d58660"),
        )
        + path("M914 590l66 4M916 560l64 4M944 520l58-4M946 490l56-4", "none", "#f0cfa8", 7)
        + path("".join(f"M{x} 642v26" for x in range(920, 982, 10)), "none", "#c4704b", 5)
        + blurred(oval(1290, 846, 190, 16, "#4a3220", 0.45))
        + layer(
            *(
                path(f"M{x} 610h92l6 150q70 12 84 46 8 34-10 36H{x - 6}q-8-120 6-232z", c)
                for x, c in ((1130, "#6a4630"), (1270, "#7c553b"))
            )
        )
        + path("M1132 650h92M1272 650h92", "none", "#54372a", 6)
    )


def lamp(chance: Random) -> str:
    roofs = "M640 560V430l70-60 70 60v30h60v-90l90-70 90 70v70h50v-50l60-50 60 50v170Z"
    stars = "".join(
        oval(chance.uniform(660, 1160), chance.uniform(120, 330), 2.6, 2.6, "#dfe3ea", 0.8) for _ in range(22)
    )
    return (
        box(0, 0, WIDTH, HEIGHT, "#26344a")
        + layer(box(610, 70, 610, 520, "#172338", 8))
        + box(636, 96, 558, 468, "#34496a")
        + glow(1040, 210, 190, "#cfd8e6", 0.35)
        + path("M1068 150a66 66 0 1 0 20 112a56 56 0 1 1-20-112z", "#efe4c4")
        + stars
        + layer(path(roofs, "#1f2d45"))
        + box(700, 470, 20, 26, "#e7b765", 2)
        + layer(box(906, 90, 18, 480, "#182439"), box(630, 326, 570, 16, "#182439"))
        + layer(box(580, 574, 670, 34, "#1c293f", 6))
        + layer(
            path("M1160 40Q1200 330 1180 690h190Q1320 340 1350 40Z", "#31435e"),
            path("M490 40Q460 330 470 690h180Q620 340 670 40Z", "#31435e"),
        )
        + path(
            "M1216 60Q1246 340 1230 680M1296 60Q1276 340 1310 680M540 60Q520 340 526 680M610 60Q580 340 600 680",
            "none",
            "#28384f",
            6,
        )
        + layer(box(440, 26, 960, 20, "#182439", 10))
        + glow(380, 500, 640, "#f6c673", 0.62)
        + glow(380, 470, 300, "#ffe3a4", 0.75)
        + layer(path("M-20 740H780V940H-20Z", "#7d4f36"))
        + path("M-20 742H780", "none", "#c98a56", 7)
        + blurred(oval(390, 752, 210, 20, "#f8d28a", 0.75))
        + layer(path("M352 560h56l10 120q56 18 60 58H282q4-40 60-58z", "#4c6b73"))
        + layer(path("M290 370H470L540 566H220Z", "#f4cf86"))
        + path("M290 370H470L540 566H220Z", "#fff0c4", opacity=0.35)
        + path("M330 372L290 564M380 372v192M430 372l42 192", "none", "#e0b063", 4, 0.6)
        + layer(path("M560 716l150-14 22 22-160 16z", "#b4553f"), path("M560 716l150-14 2-16-150 12z", "#efdfbf"))
        + layer(path("M90 640h86l-10 98h-66z", "#c9d2d2"))
        + oval(133, 640, 43, 9, "#e6ebe8")
        + layer(path("M800 900Q860 690 1100 700T1640 640V920H800Z", "#50607c"))
        + layer(path("M900 900Q1000 770 1240 780T1640 740V920H900Z", "#62738f"))
        + path("M1000 880Q1100 800 1290 812T1600 790", "none", "#7385a0", 6, 0.7)
    )


def second_cup(chance: Random) -> str:
    cuts = "".join(path(f"M{x} 470q34 40 20 96", "none", "#f0cf99", 12) for x in range(330, 620, 92))
    flour = "".join(oval(chance.uniform(250, 700), chance.uniform(640, 700), 3, 2, "#f4e6cb", 0.9) for _ in range(60))
    return (
        sky("#e9d3ae", "#f1dfc0", until=560)
        + path("M760 0H1300L960 560H420Z", "#fbeecf", opacity=0.75)
        + path("M1380 0h130L1170 560h-130Z", "#fbeecf", opacity=0.75)
        + layer(box(-20, 540, WIDTH + 40, 400, "#b9774b"), box(-20, 540, WIDTH + 40, 10, "#d29767"))
        + path("M0 650H1600M0 770H1600M500 552v96M1200 652v116M300 772v128", "none", "#a5663d", 4, 0.8)
        + path("M420 560H960L700 900H60Z", "#f0b57e", opacity=0.28)
        + blurred(oval(480, 730, 400, 26, "#4b2a17", 0.5))
        + layer(path("M120 640H800q40 0 44 30l6 34q2 26-34 26H104q-36 0-34-26l10-34q6-30 40-30z", "#d9ad76"))
        + flour
        + layer(
            path("M210 640Q180 470 330 446 480 400 640 440 760 480 730 640 700 672 470 672 236 672 210 640Z", "#a9653a")
        )
        + path("M250 560Q290 470 460 450 620 440 690 520 600 470 460 480 320 490 250 560Z", "#c98850")
        + cuts
        + layer(
            path("M640 700l210-44q60-10 78 6-30 40-96 44z", "#d7dcd8"),
            path("M650 690l-150 32q-22 6-18 22 6 12 26 8l150-36z", "#5d4030"),
        )
        + blurred(oval(1060, 722, 150, 18, "#4b2a17", 0.5), oval(1370, 752, 150, 18, "#4b2a17", 0.5))
        + moved(1060, 626, layer(cup("#7d9690", "#5b3a26", "#96ada6")))
        + steam(1060, 510, 1.05, "#fffaf0", 0.85)
        + moved(1370, 656, layer(cup("#f1e7d4", "#cdbfa4", "#5c7fa3")))
    )


def stairs(chance: Random) -> str:
    steps, left, floor, tread, rise = 9, 610, 800, 82, 50
    outline = f"M{left} {floor}" + "".join(f"v{-rise}h{tread}" for _ in range(steps)) + f"H{WIDTH + 40}V{floor}Z"
    treads = "".join(
        path(f"M{left + i * tread - 8} {floor - (i + 1) * rise}h{tread + 8}", "none", "#e0b27c", 12)
        for i in range(steps)
    )
    posts = "".join(
        path(f"M{left + i * tread + 42} {floor - (i + 1) * rise - 4}v-150", "none", "#7b5138", 9) for i in range(steps)
    )
    end_x, end_y = left + steps * tread, floor - steps * rise
    landing = "".join(path(f"M{x} {end_y - 4}v-140", "none", "#7b5138", 9) for x in range(end_x + 30, WIDTH, 64))

    def door(x: float, bottom: float, colour: str, shade: str) -> str:
        panels = box(x + 28, bottom - 262, 104, 96, shade, 4) + box(x + 28, bottom - 140, 104, 112, shade, 4)
        return (
            layer(box(x - 16, bottom - 306, 192, 306, "#f4e8d2", 4))
            + box(x, bottom - 290, 160, 290, colour)
            + panels
            + oval(x + 140, bottom - 150, 9, 9, "#e5c07a")
        )

    return (
        box(0, 0, WIDTH, HEIGHT, "#ecd9b9")
        + path("M0 0H420L900 900H0Z", "#f6e8cd", opacity=0.75)
        + glow(1240, 60, 520, "#fff3d6", 0.8)
        + door(1370, end_y, "#55766f", "#4a6862")
        + door(408, floor, "#b25f43", "#9d5039")
        + layer(path(outline, "#c89562"))
        + path(f"M{left + 40} {floor}L{end_x + 20} {end_y + 60}H{WIDTH}V{floor}Z", "#ad7a4c", opacity=0.55)
        + treads
        + path(f"M{end_x} {end_y}H{WIDTH}", "none", "#e0b27c", 12)
        + layer(posts + landing)
        + layer(
            path(
                f"M{left + 30} {floor - rise - 150}L{end_x - 44} {end_y - 152}Q{end_x - 10} {end_y - 162}"
                f" {end_x + 30} {end_y - 146}H{WIDTH}",
                "none",
                "#6a432e",
                20,
            )
        )
        + layer(box(-20, floor - 4, WIDTH + 40, 140, "#9a6c49"))
        + path("M0 846H1600M200 800v44M800 800v44M500 850v50M1100 850v50", "none", "#855a3a", 4)
        + blurred(oval(190, 846, 230, 18, "#3d2415", 0.5))
        + layer(
            path("M60 836v24M330 836v24", "none", "#4a2f20", 22),
            box(30, 530, 330, 312, "#7f5a6a", 8),
            box(16, 514, 358, 28, "#937080", 8),
        )
        + "".join(
            box(56, y, 278, 78, "#8f6b7b", 5) + oval(150, y + 40, 9, 9, "#e3c48e") + oval(240, y + 40, 9, 9, "#e3c48e")
            for y in (558, 650, 742)
        )
        + layer(
            path("M22 640H368", "none", "#e7cf9f", 13),
            path("M110 520V842M282 520V842", "none", "#e7cf9f", 11),
            path("M368 640Q470 690 500 780 520 836 590 836 660 836 640 862", "none", "#e7cf9f", 11),
        )
    )


def kettle(chance: Random) -> str:
    drops = "".join(oval(chance.uniform(690, 1400), chance.uniform(110, 480), 3, 5, "#e8eee2", 0.7) for _ in range(50))
    tiles = "".join(path(f"M0 {y}H1600", "none", "#d7c8aa", 4) for y in (480, 560, 640)) + "".join(
        path(f"M{x} 480V720", "none", "#d7c8aa", 4) for x in range(60, WIDTH, 120)
    )
    return (
        box(0, 0, WIDTH, HEIGHT, "#e8dcc2")
        + tiles
        + layer(box(640, 40, 820, 500, "#f7efdd", 6))
        + box(676, 76, 748, 428, "#cfd9c6")
        + '<svg x="676" y="76" width="748" height="428" viewBox="676 76 748 428">'
        + blurred(oval(1200, 180, 220, 90, "#eef0dc"), by="far")
        + layer(ridge([330, 300, 340, 300, 330, 290, 340, 300], "#b4c5ae"))
        + layer(ridge([420, 390, 430, 370, 410, 360, 400, 380], "#93ac90"))
        + layer(
            *(
                oval(760 + i * 150, 470, 95, 70, c)
                for i, c in enumerate(("#6f8e70", "#7d9a7b", "#688868", "#7d9a7b", "#6f8e70"))
            )
        )
        + drops
        + "</svg>"
        + layer(box(1040, 70, 20, 440, "#f7efdd"), box(670, 280, 760, 18, "#f7efdd"))
        + layer(box(600, 520, 900, 36, "#f1e6cf", 6))
        + layer(path("M1230 450h110l-14 76h-82z", "#c2704a"))
        + layer(
            path(
                "M1284 452Q1250 360 1200 350 1230 410 1280 440 1270 350 1310 310 1330 380 1292 440 1330 370 1380"
                " 380 1350 430 1290 452Z",
                "#5f8160",
            )
        )
        + layer(box(-20, 716, WIDTH + 40, 220, "#4c4f4e"), box(-20, 716, WIDTH + 40, 12, "#6b6f6c"))
        + "".join(
            oval(x, 862, 34, 34, "#3a3d3c") + path(f"M{x} 862v-24", "none", "#d8cfbd", 7)
            for x in (180, 380, 1060, 1280, 1460)
        )
        + oval(560, 734, 250, 14, "#323433")
        + glow(560, 724, 240, "#f09a55", 0.4)
        + path("".join(f"M{x} 728q-10-16 0-30 10 14 0 30z" for x in range(420, 710, 28)), "#f2b25f", opacity=0.9)
        + layer(path("M384 470C360 120 760 120 736 470", "none", "#3d2c25", 24))
        + layer(path("M770 560Q850 520 880 400l46 18Q910 590 780 660Z", "#a64b35"))
        + layer(path("M330 700Q290 520 400 400 460 340 560 340T720 400Q830 520 790 700Z", "#bb5a40"))
        + path("M372 660Q350 520 440 420 400 540 420 660Z", "#dd8a68", opacity=0.9)
        + layer(path("M452 352Q560 300 668 352 560 384 452 352Z", "#a64b35"))
        + layer(oval(560, 312, 26, 22, "#3d2c25"))
        + steam(930, 372, 1.15, "#fffdf6", 0.95)
    )


def kitchen_sheet(chance: Random) -> str:
    """Seen from above, so that it is not taken for a cover: a sheet in two columns, a pen, the edge of a lamp's light."""
    left = "".join(
        path(f"M560 {y}q30-8 60 0t60 0 {chance.randint(30, 90)} 0", "none", "#5a6478", 6) for y in range(300, 700, 78)
    )
    right = "".join(
        path(f"M890 {y}q26-7 52 0t{chance.randint(20, 70)} 0", "none", "#8a6a4c", 6) for y in range(300, 620, 78)
    )
    boards = "".join(path(f"M-20 {y}H1620", "none", "#6b4330", 4, 0.7) for y in (150, 390, 640, 860))
    knots = "".join(oval(chance.uniform(60, 1540), chance.uniform(60, 840), 16, 5, "#6b4330", 0.5) for _ in range(9))
    return (
        box(0, 0, WIDTH, HEIGHT, "#7f5138")
        + boards
        + knots
        + glow(520, 260, 900, "#f6c673", 0.6)
        + blurred(moved(830, 480, box(-340, -330, 700, 690, "#2b1a10", 0, 0.35), turn=-4))
        + moved(
            *(820, 460),
            layer(box(-340, -340, 680, 680, "#f7efdd", 4)),
            moved(-820, -460, left, right, path("M852 240V740", "none", "#d8c9aa", 4)),
            turn=-4,
        )
        + layer(
            moved(1240, 560, box(-14, -230, 28, 380, "#3f6a63", 12), path("M-14 150H14L0 206Z", "#e8d4a8"), turn=28)
        )
        + layer(oval(250, 700, 132, 132, "#4c6b73"), oval(250, 700, 112, 112, "#3a5259"))
        + oval(250, 700, 100, 100, "#8c5a34")
        + path("M190 660q50-40 110-10", "none", "#b98452", 8, 0.8)
        + layer(path("M366 662q70-8 66 44-10 44-78 40", "none", "#4c6b73", 22))
    )

"""Draws the sample letters' pictures: python3 draw.py (needs Pillow), into pictures/.

Flat shapes and gradients of our own; every name is made up. Drawn three times as
large as it is kept, so that edges come out smooth.
"""
import math
import random
from pathlib import Path
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
OUT = HERE / "pictures"
FONTS = HERE.parent / "fonts"
S = 3


def font(size, weight="SemiBold"):
    return ImageFont.truetype(str(FONTS / f"Pretendard-{weight}.otf"), size * S)


def rgb(text):
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


def canvas(w, h, top, bottom=None):
    """A canvas with a gradient from top to bottom (or one colour, or clear)."""
    if top is None:  # clear: only opaque colours blend on it
        return Image.new("RGBA", (w * S, h * S), (0, 0, 0, 0))
    a, b = rgb(top), rgb(bottom or top)
    strip = Image.new("RGB", (1, h * S))
    for y in range(h * S):
        t = y / max(1, h * S - 1)
        strip.putpixel((0, y), tuple(round(p + (q - p) * t) for p, q in zip(a, b)))
    return strip.resize((w * S, h * S))


class Pen:
    """Draws in the picture's own pixels."""

    def __init__(self, image):
        self.image = image
        self.d = ImageDraw.Draw(image, "RGBA")

    def poly(self, points, fill):
        self.d.polygon([(x * S, y * S) for x, y in points], fill=fill)

    def oval(self, x, y, rx, ry, fill):
        self.d.ellipse([(x - rx) * S, (y - ry) * S, (x + rx) * S, (y + ry) * S], fill=fill)

    def disc(self, x, y, r, fill):
        self.oval(x, y, r, r, fill)

    def box(self, x, y, w, h, fill, r=0):
        self.d.rounded_rectangle([x * S, y * S, (x + w) * S, (y + h) * S], radius=r * S, fill=fill)

    def line(self, points, fill, width):
        self.d.line([(x * S, y * S) for x, y in points], fill=fill, width=round(width * S), joint="curve")

    def arc(self, x, y, r, start, end, fill, width):
        self.d.arc([(x - r) * S, (y - r) * S, (x + r) * S, (y + r) * S], start, end, fill=fill, width=round(width * S))

    def text(self, x, y, text, size, fill, weight="SemiBold", anchor="lm"):
        self.d.text((x * S, y * S), text, font=font(size, weight), fill=fill, anchor=anchor)

    def hills(self, w, h, base, height, waves, fill, phase=0.0):
        points = [(0, h)]
        for x in range(0, w + 4, 4):
            y = base - height * (0.6 * math.sin(x / w * waves * math.pi + phase) + 0.4 * math.sin(x / w * waves * 2.3 + phase * 2))
            points.append((x, y))
        self.poly(points + [(w, h)], fill)


def keep(image, name, **options):
    small = image.resize((image.width // S, image.height // S), Image.LANCZOS)
    if name.endswith(".jpg"):
        small.convert("RGB").save(OUT / name, quality=82, optimize=True, progressive=True)
    elif name.endswith(".webp"):
        small.save(OUT / name, quality=80, method=6)
    elif options.pop("flat", True):
        small.convert("RGBA").quantize(128, method=Image.Quantize.FASTOCTREE).save(OUT / name, optimize=True)
    else:
        small.save(OUT / name, optimize=True)


def logo(name, w, h, text, ink, mark, size=18, dark=None):
    image = canvas(w, h, dark)
    pen = Pen(image)
    mark(pen, h / 2, h / 2, h * 0.36)
    pen.text(h + 4, h / 2, text, size, ink, "Bold")
    keep(image, name)


def mark_drop(pen, x, y, r):
    pen.disc(x, y, r, "#1C766E")
    pen.oval(x, y + r * 0.25, r * 0.5, r * 0.22, "#FFFFFF")


def mark_moon(pen, x, y, r):
    pen.disc(x, y, r, "#F2C14E")
    pen.disc(x + r * 0.45, y - r * 0.25, r * 0.78, "#26304F")


def mark_spark(pen, x, y, r):
    pen.poly([(x, y - r), (x + r * .3, y - r * .3), (x + r, y), (x + r * .3, y + r * .3), (x, y + r),
              (x - r * .3, y + r * .3), (x - r, y), (x - r * .3, y - r * .3)], "#E4572E")


def mark_sun(pen, x, y, r):
    pen.disc(x, y, r, "#F4A259")
    pen.box(x - r, y + r * .2, 2 * r, r, "#5B8E7D", r * .3)


def mark_bean(pen, x, y, r):
    pen.oval(x, y, r * .8, r, "#6F4E37")
    pen.arc(x - r * .5, y, r * .8, -50, 50, "#C8A27A", 1.4)


def mark_kiln(pen, x, y, r):
    pen.box(x - r, y - r, 2 * r, 2 * r, "#3D405B", r * .4)
    pen.disc(x, y + r * .25, r * .45, "#E07A5F")


def mark_nib(pen, x, y, r):
    pen.poly([(x, y + r), (x - r * .6, y - r * .2), (x - r * .35, y - r), (x + r * .35, y - r), (x + r * .6, y - r * .2)], "#2F4858")
    pen.disc(x, y - r * .1, r * .16, "#FFFFFF")


def book(pen, x, y, w, h, cover, spine, title, art):
    pen.box(x + 3, y + 4, w, h, (0, 0, 0, 50), 3)
    pen.box(x, y, w, h, cover, 3)
    pen.box(x, y, 8, h, spine, 2)
    art(pen, x, y, w, h)
    pen.text(x + w / 2 + 4, y + h * .2, title, 14, "#FFFFFF", "Bold", "mm")


def cover(name, colour, spine, title, art):
    image = canvas(140, 200, "#F6F1E7", "#EADFCB")
    book(Pen(image), 18, 14, 104, 168, colour, spine, title, art)
    keep(image, name)


def art_lake(pen, x, y, w, h):
    pen.disc(x + w * .56, y + h * .45, 18, "#F2C14E")
    pen.box(x + 8, y + h * .62, w - 8, h * .38, "#274060")
    for i in range(4):
        pen.box(x + 24 + i * 6, y + h * .66 + i * 9, 52 - i * 8, 2, "#F2C14E")


def art_cat(pen, x, y, w, h):
    cx, cy = x + w * .55, y + h * .68
    pen.oval(cx, cy + 14, 28, 24, "#2E2A35")
    pen.disc(cx, cy - 16, 18, "#2E2A35")
    pen.poly([(cx - 17, cy - 22), (cx - 14, cy - 42), (cx - 4, cy - 30)], "#2E2A35")
    pen.poly([(cx + 17, cy - 22), (cx + 14, cy - 42), (cx + 4, cy - 30)], "#2E2A35")
    for dx in (-7, 7):
        pen.disc(cx + dx, cy - 17, 3.4, "#F2C14E")


def art_leaves(pen, x, y, w, h):
    for i in range(7):
        px, py = x + 22 + (i % 3) * 26, y + h * .42 + (i // 3) * 32
        pen.oval(px, py, 6, 12, "#A7C957")
        pen.line([(px, py - 11), (px, py + 15)], "#386641", 1.2)


def art_train(pen, x, y, w, h):
    for i in range(3):
        pen.box(x + 18 + i * 28, y + h * .56, 25, 26, "#FFFFFF", 4)
        pen.box(x + 22 + i * 28, y + h * .60, 17, 9, "#9D4EDD", 2)
    pen.box(x + 8, y + h * .74, w - 8, 3, "#FFFFFF")


def moonlit(name, sky, low, moon_x, far, near, detail):
    image = canvas(600, 260, sky, low)
    pen = Pen(image)
    rnd = random.Random(name)
    for _ in range(70):
        pen.disc(rnd.uniform(0, 600), rnd.uniform(0, 150), rnd.uniform(.4, 1.3), (255, 255, 255, rnd.randint(90, 220)))
    for r, a in ((70, 26), (54, 40)):
        pen.disc(moon_x, 78, r, (255, 236, 179, a))
    pen.disc(moon_x, 78, 38, "#FFE9A8")
    pen.disc(moon_x + 12, 70, 7, "#F5D98B")
    pen.disc(moon_x - 14, 88, 5, "#F5D98B")
    pen.hills(600, 260, 190, 26, 3, far, 1.2)
    pen.hills(600, 260, 224, 18, 4, near, .3)
    detail(pen)
    keep(image, name)


def shop_window(pen):
    pen.box(392, 150, 130, 86, "#3B2F2F", 4)
    pen.poly([(382, 152), (457, 112), (532, 152)], "#5C4033")
    pen.box(404, 170, 44, 40, "#FFD97D", 3)
    pen.box(466, 170, 40, 66, "#6B4F3A", 3)
    for i, c in enumerate(("#E4572E", "#2E86AB", "#8CB369", "#F4A259")):
        pen.box(408 + i * 9, 186 - i % 2 * 4, 7, 24 + i % 2 * 4, c)


def stack_of_books(pen):
    for i, (c, w) in enumerate((("#9D4EDD", 150), ("#E4572E", 170), ("#2E86AB", 136), ("#F4A259", 120))):
        pen.box(70 + (170 - w) / 2, 226 - i * 22, w, 20, c, 3)
        pen.box(82 + (170 - w) / 2, 226 - i * 22, 8, 20, (255, 255, 255, 90))
    pen.disc(158, 138, 9, "#FFFFFF")
    pen.box(150, 142, 16, 14, "#FFFFFF", 3)


def reading_cat(pen):
    pen.oval(150, 220, 58, 26, "#1B1725")
    pen.disc(196, 196, 22, "#1B1725")
    pen.poly([(180, 182), (180, 162), (194, 176)], "#1B1725")
    pen.poly([(200, 176), (214, 162), (214, 184)], "#1B1725")
    pen.line([(96, 222), (70, 206), (62, 184), (72, 170)], "#1B1725", 9)
    pen.poly([(212, 232), (258, 214), (300, 232), (258, 246)], "#FFF8E7")
    pen.line([(258, 214), (258, 246)], "#C9B79C", 1.5)


def goyopay():
    logo("goyopay-logo.png", 120, 32, "고요페이", "#1E2226", mark_drop)
    image = canvas(560, 120, "#E1F0ED", "#BFE0DA")
    pen = Pen(image)
    pen.disc(486, 60, 74, "#A5D2CA")
    pen.box(404, 34, 92, 58, "#1C766E", 8)
    pen.box(404, 48, 92, 11, "#14564F")
    pen.box(414, 72, 30, 8, "#BFE0DA", 2)
    pen.box(454, 22, 74, 46, "#F2C14E", 7)
    pen.text(32, 46, "조용히 쌓이는 적립", 22, "#14564F", "Bold")
    pen.text(32, 78, "이번 달도 1% 모아 드렸어요", 14, "#2F6F68", "Regular")
    keep(image, "goyopay-banner.png")
    for name, shape in (("goyopay-cup.png", "cup"), ("goyopay-bus.png", "bus")):
        image = canvas(40, 40, None)
        pen = Pen(image)
        pen.disc(20, 20, 19, "#E1F0ED")
        if shape == "cup":
            pen.box(11, 14, 15, 15, "#1C766E", 4)
            pen.arc(27, 20, 4.5, -90, 90, "#1C766E", 2.4)
        else:
            pen.box(9, 11, 22, 16, "#1C766E", 4)
            pen.box(12, 14, 7, 5, "#E1F0ED", 1)
            pen.box(21, 14, 7, 5, "#E1F0ED", 1)
            pen.disc(14, 28, 3, "#14564F")
            pen.disc(26, 28, 3, "#14564F")
        keep(image, name, flat=False)


def dalbit():
    logo("dalbit-logo.png", 150, 40, "달빛책방", "#F7F1DF", mark_moon, 20, "#26304F")
    moonlit("dalbit-hero-47.jpg", "#131A33", "#5A5A8C", 160, "#2B3564", "#1B2344", shop_window)
    moonlit("dalbit-hero-46.jpg", "#1F2041", "#8A5A83", 440, "#4B3F72", "#2A2550", stack_of_books)
    moonlit("dalbit-hero-45.jpg", "#0B3948", "#6C8EAD", 430, "#2F6690", "#123C56", reading_cat)
    cover("book-lake.png", "#3A5A78", "#22384E", "호수의 밤", art_lake)
    cover("book-cat.png", "#C8553D", "#8F3A29", "책방 고양이", art_cat)
    cover("book-garden.png", "#588157", "#3A5A40", "느린 정원", art_leaves)
    cover("book-train.png", "#7B2CBF", "#4A1A78", "막차의 기분", art_train)


def banjjak():
    logo("banjjak-logo.png", 130, 36, "반짝상점", "#E4572E", mark_spark, 18)
    image = canvas(160, 160, "#FFF3E4", "#FFE0BF")
    pen = Pen(image)
    pen.oval(80, 66, 60, 44, (255, 214, 120, 120))
    pen.poly([(52, 84), (108, 84), (94, 40), (66, 40)], "#E4572E")
    pen.box(77, 84, 6, 44, "#5C4033")
    pen.box(56, 126, 48, 8, "#5C4033", 4)
    keep(image, "banjjak-lamp.jpg")
    image = canvas(160, 160, "#EAF4F4", "#CCE3DE")
    pen = Pen(image)
    pen.arc(112, 88, 20, -90, 90, "#457B9D", 8)
    pen.box(46, 58, 66, 66, "#457B9D", 12)
    pen.box(46, 84, 66, 10, "#F1FAEE")
    pen.oval(79, 60, 33, 8, "#1D3557")
    keep(image, "banjjak-mug.jpg")


def quiet():
    logo("quiet-logo.png", 170, 36, "Slow Mornings", "#2F3E46", mark_sun, 18)
    logo("quiet-logo-dark.png", 170, 36, "Slow Mornings", "#F4F1EA", mark_sun, 18)
    image = canvas(600, 300, "#FDE2C4", "#F9B384")
    pen = Pen(image)
    pen.disc(300, 180, 62, "#FFF3D6")
    pen.hills(600, 300, 214, 30, 3, "#E08E79", .4)
    pen.hills(600, 300, 246, 24, 4, "#A26769", 1.9)
    pen.hills(600, 300, 276, 14, 5, "#582C4D", .9)
    for x, y in ((150, 80), (176, 92), (206, 76)):
        pen.line([(x - 9, y - 4), (x, y), (x + 9, y - 4)], "#582C4D", 2)
    keep(image, "quiet-hero.webp")
    image = canvas(280, 180, "#DDE5D6", "#C4D3BC")
    pen = Pen(image)
    pen.box(0, 138, 280, 42, "#8A6A4F")
    pen.box(96, 86, 70, 54, "#F4F1EA", 10)
    pen.arc(168, 110, 16, -90, 90, "#F4F1EA", 7)
    for i in range(3):
        pen.line([(112 + i * 19, 74), (106 + i * 19, 60), (114 + i * 19, 46), (108 + i * 19, 32)], "#F4F1EA", 3)
    keep(image, "quiet-cup.jpg")


def long_read():
    image = canvas(640, 280, "#1D3557", "#457B9D")
    pen = Pen(image)
    pen.poly([(455, 60), (485, 60), (498, 230), (442, 230)], "#F1FAEE")
    for i in range(3):
        pen.poly([(452 - i * 3, 88 + i * 48), (488 + i * 3, 88 + i * 48), (490 + i * 3, 110 + i * 48), (450 - i * 3, 110 + i * 48)], "#E63946")
    pen.box(450, 42, 40, 20, "#1D3557", 3)
    pen.disc(470, 52, 7, "#FFE66D")
    pen.poly([(470, 52), (0, 0), (0, 96)], (255, 230, 109, 70))
    pen.hills(640, 280, 238, 10, 4, "#14213D", .7)
    pen.hills(640, 280, 258, 6, 9, "#0B132B", 0)
    keep(image, "long-lighthouse.jpg")
    image = canvas(640, 220, "#F2E9E4", "#C9ADA7")
    pen = Pen(image)
    pen.hills(640, 220, 150, 22, 3, "#9A8C98", 2)
    pen.box(0, 176, 640, 6, "#22223B")
    for i in range(4):
        pen.box(60 + i * 136, 118, 130, 54, "#4A4E69", 8)
        for k in range(4):
            pen.box(72 + i * 136 + k * 28, 130, 20, 18, "#F2E9E4", 3)
        for k in (26, 104):
            pen.disc(60 + i * 136 + k, 174, 8, "#22223B")
    keep(image, "long-train.jpg")
    image = canvas(640, 220, "#E9F5DB", "#B5C99A")
    pen = Pen(image)
    rnd = random.Random(7)
    for i in range(34):
        x, y = rnd.uniform(10, 630), rnd.uniform(110, 205)
        pen.line([(x, y), (x, y + 26)], "#4F772D", 2)
        c = rnd.choice(("#E07A5F", "#F2CC8F", "#9D4EDD", "#FFFFFF", "#E63946"))
        for k in range(5):
            a = k * 2 * math.pi / 5
            pen.disc(x + 6 * math.cos(a), y + 6 * math.sin(a), 4.4, c)
        pen.disc(x, y, 3.4, "#FFE66D")
    keep(image, "long-garden.jpg")


def coffee():
    logo("coffee-logo.png", 130, 36, "느린커피", "#4A342A", mark_bean, 18)
    frames = []
    for step in range(8):
        image = canvas(160, 140, "#F7EDE2")
        pen = Pen(image)
        for i in range(3):
            points = [(60 + i * 20 + 5 * math.sin((y + step * 6) / 8 + i), 70 - y) for y in range(0, 52, 3)]
            pen.line(points, (200, 162, 122, 255), 3)
        pen.box(44, 74, 66, 50, "#6F4E37", 10)
        pen.arc(112, 96, 15, -90, 90, "#6F4E37", 7)
        pen.box(32, 124, 96, 6, "#C8A27A", 3)
        frames.append(image.resize((160, 140), Image.LANCZOS).convert("RGB").quantize(32))
    frames[0].save(OUT / "coffee-steam.gif", save_all=True, append_images=frames[1:], duration=110, loop=0, optimize=True)
    image = canvas(520, 150, "#EDE0D4", "#DDB892")
    pen = Pen(image)
    rnd = random.Random(3)
    for _ in range(46):
        x, y, r = rnd.uniform(250, 520), rnd.uniform(0, 150), rnd.uniform(8, 14)
        pen.oval(x, y, r * .8, r, rnd.choice(("#6F4E37", "#7F5539", "#4A342A")))
        pen.line([(x, y - r * .8), (x - 2, y), (x, y + r * .8)], "#DDB892", 1.4)
    pen.text(28, 58, "열 번째 잔은", 22, "#4A342A", "Bold")
    pen.text(28, 90, "저희가 낼게요", 22, "#7F5539", "Bold")
    keep(image, "coffee-beans.webp")
    image = canvas(240, 80, "#FFFFFF")
    pen = Pen(image)
    rnd, x = random.Random(4820), 14
    while x < 224:
        w = rnd.choice((1, 1, 2, 3))
        pen.box(x, 10, w, 46, "#1E2226")
        x += w + rnd.choice((1, 2, 2, 3))
    pen.text(120, 68, "4820 1177 0936", 11, "#1E2226", "Regular", "mm")
    keep(image, "coffee-barcode.png")


def others():
    logo("kiln-logo.png", 100, 36, "Kiln", "#3D405B", mark_kiln, 20)
    logo("bungu-logo.png", 150, 36, "TSUKIAKARI", "#2F4858", mark_nib, 17)
    image = canvas(560, 180, "#F6F4F0", "#DAD7CD")
    pen = Pen(image)
    for i, c in enumerate(("#2F4858", "#E07A5F", "#588157", "#F2CC8F", "#6D597A")):
        x = 70 + i * 92
        pen.box(x, 26, 22, 104, c, 5)
        pen.poly([(x + 2, 130), (x + 20, 130), (x + 11, 158)], "#C0A36E")
        pen.box(x + 17, 34, 4, 50, "#C0A36E", 2)
    keep(image, "bungu-pens.png")
    logo("library-logo.png", 160, 40, "은하마을도서관", "#1D3557", lambda p, x, y, r: (
        p.poly([(x - r, y - r * .6), (x, y - r * .2), (x, y + r), (x - r, y + r * .6)], "#457B9D"),
        p.poly([(x + r, y - r * .6), (x, y - r * .2), (x, y + r), (x + r, y + r * .6)], "#A8DADC")), 15)
    image = canvas(480, 160, "#E8F1F2", "#B3CDE0")
    pen = Pen(image)
    for i in range(11):
        w, h = 20 + i * 7 % 13, 74 + i * 29 % 40
        pen.box(22 + i * 40, 140 - h, w + 8, h, ("#1D3557", "#457B9D", "#E63946", "#F4A259", "#5B8E7D")[i % 5], 2)
        pen.box(22 + i * 40, 140 - h + 10, w + 8, 4, (255, 255, 255, 120))
    pen.box(0, 140, 480, 8, "#8A6A4F")
    keep(image, "library-shelf.png")
    frames = []
    for step in range(4):
        image = canvas(300, 90, "#FFD60A" if step % 2 else "#FFC300")
        pen = Pen(image)
        for i in range(12):
            pen.disc(18 + i * 24, 12 if (i + step) % 2 else 78, 6, "#D00000")
        pen.text(150, 45, "₩₩₩ 당첨 ₩₩₩", 26, "#9D0208", "Bold", "mm")
        frames.append(image.resize((300, 90), Image.LANCZOS).convert("RGB").quantize(32))
    frames[0].save(OUT / "junk-jackpot.gif", save_all=True, append_images=frames[1:], duration=200, loop=0, optimize=True)
    image = canvas(520, 220, "#E9EDC9", "#CCD5AE")
    pen = Pen(image)
    pen.line([(0, 150), (140, 130), (300, 170), (520, 90)], "#A3B18A", 40)
    for p in ([(60, 0), (90, 220)], [(250, 0), (230, 220)], [(400, 0), (440, 220)], [(0, 60), (520, 40)]):
        pen.line(p, "#FEFAE0", 10)
    pen.disc(252, 52, 16, "#E63946")
    pen.poly([(238, 60), (266, 60), (252, 88)], "#E63946")
    pen.disc(252, 52, 6, "#FFFFFF")
    keep(image, "map.png")
    # For letters that carry their pictures themselves.
    image = canvas(480, 320, "#8ECAE6", "#DDF1F8")
    pen = Pen(image)
    pen.disc(390, 66, 30, "#FFD166")
    pen.poly([(40, 210), (180, 96), (250, 112), (420, 210)], "#6A994E")
    pen.poly([(168, 106), (180, 96), (250, 112), (240, 120)], "#386641")
    pen.box(0, 206, 480, 114, "#219EBC")
    for i in range(6):
        pen.box(30 + i * 76, 226 + i % 2 * 20, 44, 3, "#8ECAE6", 2)
    for x in (70, 104, 350, 384):
        pen.disc(x, 196, 13, "#F4A259")
        pen.oval(x + 3, 184, 6, 3, "#386641")
    keep(image, "carried-jeju.jpg")
    image = canvas(360, 240, "#FFE8D6", "#FFD7BA")
    pen = Pen(image)
    pen.box(0, 180, 360, 60, "#B08968")
    pen.oval(176, 160, 80, 36, "#FFFFFF")
    pen.disc(246, 128, 32, "#FFFFFF")
    pen.poly([(224, 110), (226, 82), (244, 100)], "#F4A259")
    pen.poly([(252, 100), (270, 84), (270, 112)], "#FFFFFF")
    for x in (238, 256):
        pen.arc(x, 128, 6, 20, 160, "#333333", 2)
    pen.line([(98, 160), (76, 140), (82, 116)], "#F4A259", 12)
    keep(image, "carried-cat.png")


def pixels():
    (OUT / "pixel.gif").write_bytes(bytes.fromhex(
        "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"))
    Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(OUT / "pixel.png", optimize=True)


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for draw in (goyopay, dalbit, banjjak, quiet, long_read, coffee, others, pixels):
        draw()
    for path in sorted(OUT.iterdir()):
        print(f"{path.stat().st_size:7} {path.name}")

#!/usr/bin/env python3
"""Draw letters with Goyo and with headless Chromium, pictures blocked in both.

    benches/render/compare.py [GOYO] [--out DIR] [--only TEXT[,TEXT]] [--width 800]
                              [--fonts one|system] [--kinds pages,letters,demo]

GOYO is the program, target/debug/goyo if not given; `--chromium-only` leaves it
out. Drawn are the pages in pages/ (each wrapped into a letter), the letters
listed in letters.txt (from $GOYO_BENCH_DIR/corpora, see benches/corpora.py) and
the HTML letters of assets/demo/letters. Chromium gets the same HTML body,
decoded by Python's `email`. Both see the same fonts, through a fontconfig file
written for the run: with `--fonts one` Pretendard stands for every family, so
that widths can be compared; with `system` the machine's own fonts are used.

For each letter a pair (Goyo left, Chromium right) is written to DIR/pairs, and
measured:

  height   Goyo's height over Chromium's
  blocks   share of 16-pixel blocks of equal colour, bands of 48 pixels moved up
           or down to where they fit best
  columns  correlation of where vertical edges stand (left edges, columns)
  colours  colours that cover 0.2 % of Chromium's drawing and are not in Goyo's,
           and the other way round
  words    share of Chromium's words, in order, that Goyo's drawing holds;
           `lost` are the words it does not hold at all

Needs Pillow and NumPy. Exit status 1 if a drawing is missing.
"""

import argparse
import base64
import difflib
import html as html_module
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont

import browser
import mail

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MAX_HEIGHT = 6000

SAME_FACE = """serif sans-serif monospace system-ui cursive fantasy Arial Helvetica Verdana Tahoma Georgia Times
Courier Calibri Cambria Consolas Gulim Dotum Batang 굴림 돋움 바탕 궁서""".split() + [
    "Helvetica Neue", "Times New Roman", "Courier New", "Trebuchet MS", "Segoe UI", "Malgun Gothic", "맑은 고딕",
    "Comic Sans MS", "Arial Black", "MS Sans Serif",
]


def font_file(out: Path, fonts: str) -> Path:
    """A fontconfig file with the fonts that both drawings may use."""
    if fonts == "system":
        dirs = ["/usr/share/fonts/truetype", "/usr/share/fonts/opentype"]
        faces = {"sans-serif": "Pretendard", "system-ui": "Pretendard", "serif": "Liberation Serif", "monospace": "Liberation Mono"}
        stands = {"Arial": "Liberation Sans", "Helvetica": "Liberation Sans", "Times New Roman": "Liberation Serif",
                  "Times": "Liberation Serif", "Courier New": "Liberation Mono", "Courier": "Liberation Mono",
                  "Verdana": "DejaVu Sans", "Tahoma": "DejaVu Sans"}
        faces |= stands
    else:
        # Scripts that Pretendard lacks; nothing else of the system.
        dirs = ["/usr/share/fonts/truetype/droid"]
        faces = dict.fromkeys(SAME_FACE, "Pretendard")
    aliases = "".join(
        f'<match target="pattern"><test qual="any" name="family"><string>{asked}</string></test>'
        f'<edit name="family" mode="prepend" binding="strong"><string>{face}</string></edit></match>\n'
        for asked, face in faces.items()
    )
    listed = "".join(f"<dir>{d}</dir>" for d in [str(ROOT / "assets" / "fonts"), *dirs])
    path = out / "fonts.conf"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{listed}'
        f"<cachedir>{out / 'fontcache'}</cachedir>\n{aliases}"
        '<match target="pattern"><edit name="family" mode="append" binding="weak"><string>Pretendard</string></edit></match>'
        "</fontconfig>\n"
    )
    return path


def as_letter(html: str, subject: str) -> bytes:
    body = base64.encodebytes(html.encode())
    head = (
        f"From: pages@goyo.example\nTo: you@goyo.example\nSubject: {subject}\n"
        "Date: Tue, 19 Nov 2024 14:14:00 +0900\nMessage-ID: <" + subject + "@goyo.example>\n"
        "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    )
    return head.encode() + body


def gather(arguments: argparse.Namespace, work: Path) -> list[tuple[str, Path, str]]:
    """Name, letter and HTML body of everything that is drawn."""
    items = []
    if "pages" in arguments.kinds:
        for page in sorted((HERE / "pages").glob("*.html")):
            html = page.read_text()
            letter = work / f"{page.stem}.eml"
            letter.write_bytes(as_letter(html, page.stem))
            items.append((f"page-{page.stem}", letter, html))
    corpora = Path(os.environ.get("GOYO_BENCH_DIR") or "/var/tmp/goyo-bench") / "corpora"
    if "letters" in arguments.kinds:
        for number, line in enumerate((HERE / "letters.txt").read_text().split("\n"), 1):
            if line:
                shown = mail.read(corpora / line)
                short = re.sub(r"\.[0-9a-f]{32}|:2,S|\.txt|\.eml|data_|tests_|resources_", "", line.split("/")[-1])
                items.append((f"letter-{number:02}-{line.split('/')[0]}-{short}"[:60], corpora / line, shown.html))
    if "demo" in arguments.kinds:
        for path in sorted((ROOT / "assets" / "demo" / "letters").glob("*.eml")):
            shown = mail.read(path)
            if shown is not None:
                items.append((f"demo-{path.stem}", path, shown.html))
    only = arguments.only.split(",") if arguments.only else [""]
    return [item for item in items if any(text in item[0] for text in only)]


# --- Measures -------------------------------------------------------------


def pixels(path: Path) -> numpy.ndarray:
    return numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.int16)


def to_width(image: numpy.ndarray, width: int) -> numpy.ndarray:
    """A drawing wider than the column is shrunk to it, as Goyo does."""
    if image.shape[1] == width:
        return image
    height = max(1, round(image.shape[0] * width / image.shape[1]))
    small = Image.fromarray(image.astype(numpy.uint8)).resize((width, height), Image.Resampling.BOX)
    return numpy.asarray(small, dtype=numpy.int16)


def cells(image: numpy.ndarray, size: int = 16) -> numpy.ndarray:
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size]
    return cut.reshape(rows, size, columns, size, 3).mean(axis=(1, 3))


def block_similarity(ours: numpy.ndarray, theirs: numpy.ndarray) -> float:
    """Bands of their drawing, each found in ours near its place."""
    band, reach, good, total, moved = 48, 160, 0.0, 0.0, 0
    padded = numpy.full((max(ours.shape[0], theirs.shape[0]) + 2 * reach + band, ours.shape[1], 3), 255, dtype=numpy.int16)
    padded[reach : reach + ours.shape[0]] = ours
    for top in range(0, theirs.shape[0] - 15, band):
        wanted = cells(theirs[top : top + band])
        plain = theirs[top : top + band].std() < 1
        best, at = 0.0, moved
        # The band is looked for near where the last one was found.
        for shift in sorted(range(moved - 60, moved + 61, 2), key=lambda s: abs(s - moved)):
            y = reach + top + shift
            if y < 0 or y + band > padded.shape[0]:
                continue
            found = cells(padded[y : y + theirs[top : top + band].shape[0]])
            score = float((abs(found - wanted).max(axis=2) < 20).mean())
            if score > best + 0.002:
                best, at = score, shift
        if not plain:
            moved = max(-reach, min(at, padded.shape[0]))
        # Bands with nothing on them say little.
        weight = 0.15 if plain else 1.0
        good += best * weight
        total += weight
    return good / total if total else 1.0


def edges(image: numpy.ndarray) -> numpy.ndarray:
    grey = image.mean(axis=2)
    profile = (abs(numpy.diff(grey, axis=1)) > 24).sum(axis=0).astype(float)
    profile = numpy.convolve(profile, [0.25, 0.5, 0.25], "same")
    return numpy.sqrt(profile / max(1, image.shape[0]))


def column_likeness(ours: numpy.ndarray, theirs: numpy.ndarray) -> float:
    a, b = edges(ours), edges(theirs)
    if a.std() == 0 or b.std() == 0:
        return 1.0 if a.std() == b.std() else 0.0
    return float(numpy.corrcoef(a, b)[0, 1])


def palette(image: numpy.ndarray, least: float) -> dict[tuple[int, int, int], float]:
    # Flat areas only: the greys at the edges of letters are nobody's colour.
    flat = (abs(image[1:, 1:] - image[:-1, 1:]).max(axis=2) + abs(image[1:, 1:] - image[1:, :-1]).max(axis=2)) == 0
    values = image[1:, 1:][flat]
    packed = (values[:, 0].astype(numpy.int32) << 16) | (values[:, 1].astype(numpy.int32) << 8) | values[:, 2]
    found, counts = numpy.unique(packed, return_counts=True)
    size = image.shape[0] * image.shape[1]
    return {
        (int(c) >> 16, int(c) >> 8 & 255, int(c) & 255): n / size
        for c, n in zip(found, counts, strict=True)
        if n / size >= least
    }


def colours_lost(of: numpy.ndarray, other: numpy.ndarray) -> list[str]:
    there = palette(other, 0.0002)
    lost = []
    for colour, share in sorted(palette(of, 0.002).items(), key=lambda entry: -entry[1]):
        near = any(max(abs(a - b) for a, b in zip(colour, c, strict=True)) <= 10 for c in there)
        if not near:
            lost.append("#%02x%02x%02x %.1f%%" % (*colour, share * 100))
    return lost


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def word_measures(ours: str, theirs: str) -> tuple[float, list[str]]:
    a, b = words(theirs), words(ours)
    if not a:
        return 1.0, []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    joined = "".join(b)
    lost = [w for w, n in (Counter(a) - Counter(b)).items() if w not in joined]
    return kept / len(a), lost


# --- Pictures -------------------------------------------------------------


def pair(ours: Image.Image | None, theirs: Image.Image, title: str, path: Path) -> None:
    font = ImageFont.truetype(str(ROOT / "assets/fonts/Pretendard-Regular.otf"), 15)
    both = [i for i in (ours, theirs) if i is not None]
    width = sum(i.width for i in both) + 8 * (len(both) - 1)
    height = max(i.height for i in both)
    sheet = Image.new("RGB", (width, height + 26), "#888888")
    drawing = ImageDraw.Draw(sheet)
    drawing.rectangle((0, 0, width, 25), fill="#22313a")
    drawing.text((6, 4), title, font=font, fill="white")
    x = 0
    for image in both:
        sheet.paste(image, (x, 26))
        x += image.width + 8
    sheet.save(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("goyo", nargs="?", type=Path, default=ROOT / "target/debug/goyo")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--chromium-only", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("/var/tmp/goyo-bench/render"))
    parser.add_argument("--only", default="")
    parser.add_argument("--kinds", default="pages,letters,demo")
    parser.add_argument("--width", type=int, default=800)
    parser.add_argument("--window-height", type=int, default=600)
    parser.add_argument("--fonts", choices=["one", "system"], default="one")
    arguments = parser.parse_args()
    out = arguments.out
    for part in ("eml", "html", "goyo", "chromium", "pairs"):
        (out / part).mkdir(parents=True, exist_ok=True)
    fonts = font_file(out, arguments.fonts)
    items = gather(arguments, out / "eml")

    chromium = browser.Chromium(arguments.chromium, arguments.width, arguments.window_height, fonts)
    results = []
    missing = 0
    try:
        for name, letter, html in items:
            document = out / "html" / f"{name}.html"
            document.write_bytes(b"\xef\xbb\xbf" + html.encode("utf-8", "replace"))
            theirs = out / "chromium" / f"{name}.png"
            facts = {"name": name, "chromium": chromium.draw(document, theirs, MAX_HEIGHT)}
            if not arguments.chromium_only:
                facts["goyo"] = draw_ours(arguments, letter, out / "goyo" / f"{name}.png", fonts)
                missing += facts["goyo"] is None
            measure(facts, out, name, theirs, arguments.width)
            results.append(facts)
    finally:
        chromium.close()
    (out / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1))
    report(results)
    return 1 if missing else 0


def draw_ours(arguments: argparse.Namespace, letter: Path, out: Path, fonts: Path) -> dict | None:
    out.unlink(missing_ok=True)
    done = subprocess.run(
        [arguments.goyo, "--json", "render", letter, "--out", out, "--width", str(arguments.width),
         "--max-height", str(MAX_HEIGHT), "--text"],
        capture_output=True,
        text=True,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        timeout=120,
    )
    if done.returncode != 0 or not out.exists():
        print(f"goyo: {letter.name}: {done.stderr.strip()}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def measure(facts: dict, out: Path, name: str, theirs: Path, width: int) -> None:
    browser_image = to_width(pixels(theirs), width)
    quirks = " quirks" if facts["chromium"]["quirks"] else ""
    title = f"{name}{quirks}"
    ours = None
    if facts.get("goyo"):
        drawn = to_width(pixels(out / "goyo" / f"{name}.png"), width)
        facts["height"] = drawn.shape[0] / browser_image.shape[0]
        facts["blocks"] = block_similarity(drawn, browser_image)
        facts["columns"] = column_likeness(drawn, browser_image)
        facts["colours_lost"] = colours_lost(browser_image, drawn)
        facts["colours_new"] = colours_lost(drawn, browser_image)
        text = facts["goyo"].get("text")
        if text is not None:
            facts["words"], facts["lost"] = word_measures(text, html_module.unescape(facts["chromium"]["text"]))
        title += (
            f"   height {facts['height']:.3f}  blocks {facts['blocks']:.3f}  columns {facts['columns']:.3f}"
            f"  words {facts.get('words', 0):.3f}  lost {' '.join(facts.get('lost', [])[:6])}  colours {' '.join(facts['colours_lost'][:4])}"
        )
        ours = Image.fromarray(drawn.astype(numpy.uint8))
    pair(ours, Image.fromarray(browser_image.astype(numpy.uint8)), title, out / "pairs" / f"{name}.png")


def badness(facts: dict) -> float:
    if not facts.get("goyo"):
        return 9.0
    return (
        min(1.0, abs(facts["height"] - 1)) + (1 - facts["blocks"]) + 0.5 * (1 - facts["columns"])
        + 0.1 * len(facts["colours_lost"]) + 2 * (1 - facts.get("words", 1.0))
    )


def report(results: list[dict]) -> None:
    drawn = [r for r in results if r.get("goyo")]
    print(f"{'letter':60} height blocks column  words  ms  colours lost | new | words lost")
    for facts in sorted(results, key=badness, reverse=True):
        if not facts.get("goyo"):
            print(f"{facts['name']:60} (Chromium only: {facts['chromium']['height']} px)")
            continue
        print(
            f"{facts['name']:60} {facts['height']:6.3f} {facts['blocks']:6.3f} {facts['columns']:6.3f}"
            f" {facts.get('words', float('nan')):6.3f} {facts['goyo']['ms']:4.0f}"
            f"  {', '.join(facts['colours_lost'][:4])} | {', '.join(facts['colours_new'][:3])} | {' '.join(facts.get('lost', [])[:8])}"
            + (f" FALLBACK {facts['goyo']['fallback']}" if facts["goyo"].get("fallback") else "")
        )
    if drawn:
        def middle(key):
            values = sorted(key(r) for r in drawn)
            return values[len(values) // 2]

        near = sum(abs(r["height"] - 1) <= 0.05 for r in drawn)
        print(
            f"\n{len(drawn)} pairs: height within 5 % in {near}; median blocks {middle(lambda r: r['blocks']):.3f},"
            f" columns {middle(lambda r: r['columns']):.3f}; no colour lost in {sum(not r['colours_lost'] for r in drawn)};"
            f" no word lost in {sum(not r.get('lost') for r in drawn)}"
        )
        print(
            f"milliseconds, median: Goyo {middle(lambda r: r['goyo']['ms']):.1f} (parse to pixels),"
            f" Chromium {middle(lambda r: r['chromium']['ms_to_layout']):.1f} (navigate to layout)"
        )


if __name__ == "__main__":
    sys.exit(main())

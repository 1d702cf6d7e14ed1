#!/usr/bin/env python3
"""What the real window takes of a computer, for each of several builds of the program.

    benches/painters.py --profile DIR PROGRAM [PROGRAM ...]

Says for each, on a screen without a graphics card (Xvfb): how long it takes until the window
is painted, the processor time of all its threads for each notch by which the list and then the
open letter are scrolled, sixty in a second at 1280 x 800, and the memory of the program and its
drawing process. DIR is copied, and is best one of `benches/window.py --keep`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "monkey"))
from screen import Screen, memory, until

NOTCHES = 600
TICKS = os.sysconf("SC_CLK_TCK")


def spent(pid):
    """Processor time of all threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def scroll(screen, pid, x, y):
    """Milliseconds of the processor for a notch."""
    screen.ask("mousemove", str(x), str(y))
    time.sleep(0.5)
    before = spent(pid)
    for button in ("5", "4"):
        turns = ["click", "--repeat", str(NOTCHES // 2), "--delay", "16", button]
        screen.ask(*turns)
    time.sleep(0.5)
    return (spent(pid) - before) * 1000 / NOTCHES


def measure(program, profile, base):
    here = base / "profile"
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(profile, here)
    work = Path(tempfile.mkdtemp(dir=base))
    screen = Screen(work)
    env = {**screen.env, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    env.pop("WAYLAND_DISPLAY", None)
    begun = time.monotonic()
    process = subprocess.Popen(
        [program, "--profile", here], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        def window():
            found = screen.ask("search", "--onlyvisible", "--class", "goyo")
            return found[0] if found else None

        name = until("a window", window)
        until("something in it", lambda: any(screen.pixels(300, 300, 700, 320)) or None)
        started = time.monotonic() - begun
        screen.ask("windowsize", name, "1280", "800", "windowmove", name, "0", "0")
        screen.ask("windowfocus", name)
        time.sleep(3)
        idle = memory(process.pid)
        screen.ask("mousemove", "400", "300", "click", "1")
        time.sleep(2)
        in_list = scroll(screen, process.pid, 400, 500)
        in_letter = scroll(screen, process.pid, 900, 600)
        after = memory(process.pid)
    finally:
        process.kill()
        process.wait()
        screen.stop()
    print(
        f"{program}: painted after {started * 1000:.0f} ms; a notch takes {in_list:.1f} ms in the "
        f"list, {in_letter:.1f} ms in the letter; {idle[0]:.0f} MB resident before, "
        f"{after[0]:.0f} after ({after[1]:.0f} proportional)",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="+", type=Path)
    parser.add_argument("--profile", required=True, type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goyo-painters-") as made:
        for program in args.programs:
            measure(program.resolve(), args.profile, Path(made))


if __name__ == "__main__":
    main()

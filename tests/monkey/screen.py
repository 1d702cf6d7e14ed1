"""A screen of its own (Xvfb), hands on it (xdotool), and what a program on it takes."""

import os
import struct
import subprocess
import time
from pathlib import Path

SCREEN = (1600, 1000)
PATIENCE = 20.0  # seconds in which a window answers, on a busy machine too


class Screen:
    def __init__(self, base):
        self.memory = base / "screen"
        self.memory.mkdir()
        number = 30_000 + os.getpid() % 20_000
        self.display = f":{number}"
        shape = f"{SCREEN[0]}x{SCREEN[1]}x24"
        self.server = subprocess.Popen(
            ["Xvfb", self.display, "-screen", "0", shape, "-nolisten", "tcp", "-noreset", "-br"]
            + ["-fbdir", str(self.memory)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.env = {**os.environ, "DISPLAY": self.display}
        self.hands = None
        until("a screen", lambda: Path(f"/tmp/.X11-unix/X{number}").exists() or None)

    def ask(self, *args):
        done = subprocess.run(["xdotool", *args], env=self.env, capture_output=True, text=True)
        return done.stdout.split() if done.returncode == 0 else None

    def do(self, lines):
        """Does them in order; returns before they are done."""
        if self.hands is None:
            self.hands = subprocess.Popen(
                ["xdotool", "-"], env=self.env, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        try:
            self.hands.stdin.write(("\n".join(lines) + "\n").encode())
            self.hands.stdin.flush()
        except BrokenPipeError:
            # They let go when their window does: that is found soon.
            self.done()

    def done(self):
        """Waits until all is done."""
        if self.hands is not None:
            hands, self.hands = self.hands, None
            try:
                hands.stdin.close()
            except BrokenPipeError:
                pass
            hands.wait()

    def pixels(self, left, top, right, bottom):
        """What is shown there: blue, green, red and nothing, a pixel after the other."""
        data = (self.memory / "Xvfb_screen0").read_bytes()
        number = struct.unpack(">25I", data[:100])
        line, begin = number[12], number[0] + number[19] * 12
        at = [begin + y * line for y in range(top, bottom)]
        return b"".join(data[row + left * 4 : row + right * 4] for row in at)

    def stop(self):
        self.done()
        self.server.kill()
        self.server.wait()


def until(what, ask):
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise SystemExit(f"never: {what}")


def memory(pid):
    """Resident and proportional memory of the program and of its drawing process, in MB."""
    found, both = [0.0, 0.0], [pid]
    children = Path(f"/proc/{pid}/task")
    for task in children.iterdir() if children.exists() else ():
        try:
            both += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
    for one in both:
        try:
            said = Path(f"/proc/{one}/smaps_rollup").read_text()
            if one != pid and "--demo" in Path(f"/proc/{one}/cmdline").read_text():
                continue
        except OSError:
            continue
        for line in said.splitlines():
            name, _, value = line.partition(":")
            if name == "Rss":
                found[0] += int(value.split()[0]) / 1024
            elif name == "Pss":
                found[1] += int(value.split()[0]) / 1024
    return found

"""Headless Chromium, driven through a pipe: one process for all documents.

Nothing it draws reaches anything: no name resolves, no address is asked for,
pictures and scripts are off, and its profile is thrown away.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--blink-settings=imagesEnabled=false",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--remote-debugging-pipe",
]


# The content's own height, where it is less than the window's: in quirks mode
# the body fills the window.
CONTENT_HEIGHT = """(() => {
  const body = document.body, range = document.createRange();
  if (!body) return 1;
  range.selectNodeContents(body);
  const style = getComputedStyle(body);
  let low = range.getBoundingClientRect().bottom;
  for (const e of body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.height) low = Math.max(low, box.bottom);
  }
  return Math.ceil(low + parseFloat(style.paddingBottom) + parseFloat(style.marginBottom));
})()"""


class Chromium:
    def __init__(self, program: str, width: int, height: int, fonts: Path):
        self.profile = tempfile.mkdtemp(prefix="goyo-chromium-")
        down_read, down_write = os.pipe()
        up_read, up_write = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$0" "$@" 3<&{down_read} 4>&{up_write}', program, *OPTIONS,
             f"--window-size={width},{height}", f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(down_read, up_write),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down_read)
        os.close(up_write)
        self.down, self.up = down_write, up_read
        self.buffer = b""
        self.number = 0
        self.events: list[dict] = []
        self.width, self.height = width, height
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t for t in targets if t["type"] == "page")
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Performance.enable")
        self.call("Network.setBlockedURLs", urls=["http://*", "https://*", "ftp://*", "ws://*", "wss://*"])
        self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def receive(self) -> dict:
        while b"\0" not in self.buffer:
            piece = os.read(self.up, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium ended")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method: str, **params) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.down, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not any(e.get("method") == event for e in self.events):
            if time.monotonic() > end:
                raise RuntimeError(f"no {event} within {seconds} s")
            self.events.append(self.receive())

    def numbers(self) -> dict[str, float]:
        return {m["name"]: m["value"] for m in self.call("Performance.getMetrics")["metrics"]}

    def draw(self, html: Path, out: Path, max_height: int) -> dict:
        """Draws a document into a PNG; its size, its text and what it took."""
        before = self.numbers()
        self.events.clear()
        start = time.perf_counter()
        self.call("Page.navigate", url=html.resolve().as_uri())
        self.wait_for("Page.loadEventFired")
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        laid = time.perf_counter()
        text = self.ask("document.body ? document.body.innerText : ''", "")
        # A letter too wide for its column is given the width it needs, as Goyo does.
        width = self.width
        for _ in range(2):
            if size["width"] <= width:
                break
            width = int(size["width"])
            self.resize(width, self.height)
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        height = int(size["height"])
        if height <= self.height:
            height = max(1, min(height, int(self.ask(CONTENT_HEIGHT, height))))
        height = min(height, max_height)
        shot = self.call(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
        )
        out.write_bytes(base64.b64decode(shot["data"]))
        if width != self.width:
            self.resize(self.width, self.height)
        after = self.numbers()
        spent = ("LayoutDuration", "RecalcStyleDuration")
        return {
            "width": width,
            "height": height,
            "text": text,
            "ms_to_layout": (laid - start) * 1000,
            "ms_style_and_layout": sum(after[n] - before[n] for n in spent) * 1000,
            "quirks": self.ask("document.compatMode", "") == "BackCompat",
        }

    def ask(self, expression: str, otherwise):
        return self.call("Runtime.evaluate", expression=expression)["result"].get("value", otherwise)

    def close(self) -> None:
        try:
            self.session = None
            self.call("Browser.close")
        except (RuntimeError, OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.down)
        os.close(self.up)
        shutil.rmtree(self.profile, ignore_errors=True)

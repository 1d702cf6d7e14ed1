"""Dovecot with a mailbox of its own, and what is put between it and the programs."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD = "pass"
USER = "bench"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Dovecot:
    def __init__(self, base):
        self.base = base
        self.port = free_port()
        root = os.getuid() == 0
        uid, gid = (65534, 65534) if root else (os.getuid(), os.getgid())
        me = pwd.getpwuid(os.getuid()).pw_name
        inner = "" if root else f"default_login_user = {me}\ndefault_internal_user = {me}\n"
        chroot = "" if root else "  chroot =\n"
        base.chmod(0o755)
        (base / "dovecot.conf").write_text(
            f"""base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
{inner}passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
{chroot}  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
{chroot}}}
"""
        )
        self.maildir = base / "mail" / USER / "Maildir"
        self.owner = (uid, gid)

    def own(self, path):
        if os.getuid() == 0:
            os.chown(path, *self.owner)

    def mailbox(self, user, letters=()):
        """A mailbox with these letters in it."""
        top = self.base / "mail" / user / "Maildir"
        for path in [top, top / "cur", top / "new", top / "tmp"]:
            path.mkdir(parents=True, exist_ok=True)
        for letter in letters:
            self.own(shutil.copy(letter, top / "cur"))
        for path in [self.base / "mail", top.parent, top, top / "cur", top / "new", top / "tmp"]:
            self.own(path)

    def start(self):
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
        )
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    if s.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            time.sleep(0.05)
        sys.exit("Dovecot does not start:\n" + (self.base / "log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def forget(self):
        """Throws its index away, as if the letters had just come."""
        for path in self.maildir.glob("dovecot*"):
            path.unlink()

    def deliver(self, letter, name):
        half, whole = self.maildir / "tmp" / name, self.maildir / "new" / name
        half.write_bytes(letter)
        self.own(half)
        half.rename(whole)


@dataclass
class Conversation:
    """What a relay saw of one connection."""

    called: float
    round_trips: int = 0
    bytes: int = 0
    asked: bool = field(default=False, repr=False)


class Relay:
    """Stands before a server, counts, and makes every round trip so many seconds longer."""

    def __init__(self, to, rtt=0.0):
        self.to, self.rtt = to, rtt
        self.port = free_port()
        self.seen = []
        ready = threading.Event()

        async def serve():
            server = await asyncio.start_server(self.carry, "127.0.0.1", self.port)
            ready.set()
            async with server:
                await server.serve_forever()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        ready.wait()

    async def carry(self, reader, writer):
        one = Conversation(time.monotonic())
        self.seen.append(one)
        # SYN, SYN-ACK, ACK: the server hears of it after one and a half round trips.
        if self.rtt:
            await asyncio.sleep(1.5 * self.rtt)
        there, back = await asyncio.open_connection("127.0.0.1", self.to)

        def up(_):
            one.asked = True

        def down(data):
            # The first bytes of an answer end a round trip.
            one.round_trips += one.asked
            one.asked = False
            one.bytes += len(data)

        await asyncio.gather(self.pump(reader, back, up), self.pump(there, writer, down))

    async def pump(self, reader, writer, saw):
        queue = asyncio.Queue()

        async def late():
            while True:
                at, data = await queue.get()
                if (wait := at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        task = asyncio.create_task(late())
        while True:
            try:
                data = await reader.read(65536)
            except OSError:
                data = b""
            if data:
                saw(data)
            queue.put_nowait((time.monotonic() + self.rtt / 2, data))
            if not data:
                break
        try:
            await task
        except OSError:
            pass

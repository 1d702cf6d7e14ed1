#!/usr/bin/env python3
"""A flood upon the receipt server: so many fetches a second of garbage and unknown tokens.

    benches/receipts.py PROGRAM [--seconds 60] [--rate 500]

Prints one JSON object: answers, how fast, the most memory, what is in the database. Exit 1
if an answer differed, or anything was stored, or the owner's token was not counted.
"""

import argparse
import collections
import hashlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time


def resident(pid, what):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(what):
                return int(line.split()[1])
    return 0


def fetch(port, path):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as there:
        there.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 Gecko/1 Firefox/130\r\n\r\n")
        answer = b""
        while more := there.recv(65536):
            answer += more
    return answer


def paths(chance):
    """Unknown tokens for the most part, and garbage."""
    kind = chance.randrange(4)
    if kind < 2:
        return b"/r/" + chance.randbytes(16).hex().encode() + b".png"
    if kind == 2:
        return b"/r/" + chance.randbytes(chance.randrange(1, 300)).translate(HARMLESS)
    return b"/r/" + b"x" * chance.randrange(8000) + b".png"


# What may stand in a path, spread over all bytes.
HARMLESS = bytes(b"abc%./_-"[byte % 8] for byte in range(256))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("program")
    ask.add_argument("--seconds", type=int, default=60)
    ask.add_argument("--rate", type=int, default=500)
    ask.add_argument("--hands", type=int, default=8)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as data:
        run = [given.program, "receipts"]
        key = subprocess.check_output([*run, "key", "new", "--data", data], text=True).strip()
        server = subprocess.Popen(
            [given.program, "--json", "receipts", "serve", "--listen", "127.0.0.1:0", "--data", data],
            stdout=subprocess.PIPE, text=True)
        port = int(json.loads(server.stdout.readline())["listening"].rsplit(":", 1)[1])
        token = "0" * 32
        body = json.dumps({"tokens": [{
            "hash": hashlib.sha256(token.encode()).hexdigest(),
            "lives": 3600, "ago": 600}]}).encode()
        with socket.create_connection(("127.0.0.1", port)) as there:
            there.sendall(b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                          + key.encode() + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            assert b" 200 OK" in there.recv(65536)
        known = fetch(port, b"/r/" + token.encode() + b".png")
        at_first = resident(server.pid, "VmRSS")

        answers, times, lock = collections.Counter(), [], threading.Lock()
        begin = time.monotonic()

        def hand(number):
            chance = random.Random(number)
            mine, took = collections.Counter(), []
            for turn in range(number, given.seconds * given.rate, given.hands):
                wait = begin + turn / given.rate - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                start = time.monotonic()
                try:
                    mine["same" if fetch(port, paths(chance)) == known else "other"] += 1
                except OSError:
                    mine["failed"] += 1
                took.append(time.monotonic() - start)
            with lock:
                answers.update(mine)
                times.extend(took)

        hands = [threading.Thread(target=hand, args=(number,)) for number in range(given.hands)]
        for one in hands:
            one.start()
        # A reader among them.
        readings = 0
        while any(one.is_alive() for one in hands):
            fetch(port, b"/r/" + token.encode() + b".png")
            readings += 1
            time.sleep(1)
        for one in hands:
            one.join()
        seconds = time.monotonic() - begin
        time.sleep(1)
        most = resident(server.pid, "VmHWM")
        with open(f"/proc/{server.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        server.send_signal(signal.SIGTERM)
        ended = server.wait(20)
        with sqlite3.connect(os.path.join(data, "receipts.sqlite")) as database:
            tokens = database.execute("SELECT count(*) FROM token").fetchone()[0]
            lines = database.execute("SELECT kind, count FROM fetcher").fetchall()
        times.sort()
        found = {
            "seconds": round(seconds, 1), "answers": dict(answers),
            "rate": round(sum(answers.values()) / seconds),
            "ms_median": round(times[len(times) // 2] * 1000, 2),
            "ms_99": round(times[len(times) * 99 // 100] * 1000, 2),
            "memory_kib": {"at_first": at_first, "most": most},
            "cpu_s": round(cpu, 1), "tokens": tokens, "lines": lines, "readings": readings + 1,
            "disk_kib": sum(os.path.getsize(os.path.join(data, f)) for f in os.listdir(data)) >> 10,
            "exit": ended,
        }
        print(json.dumps(found))
        good = (answers["other"] == 0 and tokens == 1 and ended == 0
                and lines == [("person", readings + 1)] and most - at_first < 32 << 10)
        return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

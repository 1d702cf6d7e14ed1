#!/usr/bin/env python3
"""Reads letters as Python's own `email` does, and says what is in them.

Standard input: letters, each behind its length (4 bytes, big-endian). Standard output: one
line of JSON for each. Shares nothing with Goyo; format=flowed (RFC 3676) is read here.
"""

import hashlib
import html.parser
import json
import re
import sys
from email import policy
from email.parser import BytesParser


def unflow(text, flowed, delsp):
    out, open_ = [], False
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    for line in lines:
        depth = len(line) - len(line.lstrip(">")) if flowed else 0
        line = line[depth:]
        if flowed and line.startswith(" "):
            line = line[1:]
        soft = flowed and line.endswith(" ") and line != "-- "
        kept = line[:-1] if soft and delsp else line
        if open_ and out and out[-1][0] == depth and line != "-- ":
            out[-1][1] += kept
        else:
            out.append([depth, kept])
        open_ = soft
    return out


class Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text, self.pictures = [], []

    def handle_data(self, data):
        self.text.append(data)

    def handle_starttag(self, tag, attrs):
        if tag in ("div", "li", "blockquote", "br", "p"):
            self.text.append("\n")
        if tag == "img":
            self.pictures.append(dict(attrs).get("src", ""))


def people(message, name):
    field = message[name]
    if field is None:
        return []
    return [[a.display_name, a.addr_spec] for a in field.addresses]


def read(raw):
    head = raw.split(b"\r\n\r\n", 1)[0]
    reader = policy.default if head.isascii() else policy.SMTPUTF8
    message = BytesParser(policy=reader).parsebytes(raw)
    texts, markup, files, defects, ids = [], [], [], [], {}
    for part in message.walk():
        defects += [type(d).__name__ for d in part.defects]
        for field in part.keys():
            # An encoded word inside quotes stands there for old programs, on purpose.
            if field.lower() != "content-type":
                defects += [field + ": " + type(d).__name__ for d in part[field].defects]
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        shown = part.get_content_disposition()
        if shown:
            if part.get_content_type() == "message/rfc822":
                body = part.get_payload(0).as_bytes()
            else:
                body = part.get_payload(decode=True)
            if part["content-id"]:
                ids[str(part["content-id"]).strip("<>")] = part.get_filename()
            files.append({
                "name": part.get_filename(),
                "old_name": part.get_param("name", header="content-type"),
                "type": part.get_content_type(),
                "shown": shown,
                "sha256": hashlib.sha256(body).hexdigest(),
            })
        elif part.get_content_type() == "text/plain":
            content = part.get_content()
            flowed = part.get_param("format") == "flowed"
            delsp = part.get_param("delsp") == "yes"
            texts.append({"raw": content.replace("\r\n", "\n"),
                          "lines": unflow(content, flowed, delsp)})
        elif part.get_content_type() == "text/html":
            words = Words()
            words.feed(part.get_content())
            markup.append({"text": "".join(words.text), "pictures": words.pictures})
        else:
            defects.append("odd part " + part.get_content_type())
    lines = raw.split(b"\r\n")
    header_lines = head.split(b"\r\n")
    encoded = [line for line in header_lines if b"=?UTF-8?" in line]
    return {
        "subject": None if message["subject"] is None else str(message["subject"]),
        "from": people(message, "from"),
        "to": people(message, "to"),
        "cc": people(message, "cc"),
        "reply_to": people(message, "reply-to"),
        "fields": [name.lower() for name in message.keys()],
        "message_id": str(message["message-id"]),
        "references": re.findall("<([^>]*)>", str(message["references"] or "")),
        "date": int(message["date"].datetime.timestamp()),
        "zone": message["date"].datetime.utcoffset().total_seconds(),
        "texts": texts,
        "html": markup,
        "files": files,
        "ids": ids,
        "defects": defects,
        "longest": max(len(line) for line in lines),
        "longest_header": max(
            len(line.decode()) for line in header_lines if not line.startswith(b"Message-ID:")),
        "longest_encoded": max([len(line) for line in encoded], default=0),
        "longest_word": max([len(w) for w in re.findall(rb"=\?UTF-8\?\S*", head)], default=0),
        "ascii": raw.isascii(),
        "bare": bool(re.search(rb"(?<!\r)\n|\r(?!\n)", raw)) or b"\0" in raw,
    }


def main():
    source, sink = sys.stdin.buffer, sys.stdout
    while True:
        length = source.read(4)
        if len(length) < 4:
            return
        raw = source.read(int.from_bytes(length, "big"))
        sink.write(json.dumps(read(raw)) + "\n")
        sink.flush()


main()

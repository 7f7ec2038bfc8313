#!/usr/bin/env python3
"""Repeats a redaction from its derivation: original + derivation = redacted view, bit for bit, without any key.

    check_derivation.py --original OPENED [--original ...] derivations.jsonl [redacted.wacz]

OPENED is what `age --decrypt` makes of a file in originals/. It checks that the original is the one that the log has committed to,
repeats every step, compares the three texts with the digests in the derivation and, if the archive is given, with the view in
it. Python 3.9 with the package `blake3`, and nothing else. The formats are described in docs/formats of the source.
"""

import argparse
import gzip
import hashlib
import html
import io
import json
import re
import sys
import zipfile
import zlib

from blake3 import blake3

MARKS = (("title", "h1"), ("board", "p"), ("body", "pre"))
COMMITMENT = "lanthorn 2026-11 hiding commitment"


class Wrong(Exception):
    """What does not hold, in a sentence."""


def cbor(data, at=0):
    """One item of CBOR (RFC 8949) without tags and floats: the value and where it ends."""
    first = data[at]
    major, small, at = first >> 5, first & 31, at + 1
    if small < 24:
        value = small
    elif small < 28:
        width = 1 << (small - 24)
        value, at = int.from_bytes(data[at:at + width], "big"), at + width
    else:
        raise Wrong("the capture record is not deterministic CBOR")
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        piece = data[at:at + value]
        if len(piece) != value:
            raise Wrong("the capture record ends early")
        return (bytes(piece) if major == 2 else piece.decode()), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(value):
            key, at = cbor(data, at)
            pairs[key], at = cbor(data, at)
        return pairs, at
    if major == 7 and value in (20, 21, 22):
        return {20: False, 21: True, 22: None}[value], at
    raise Wrong("the capture record has something that no record has")


def unsealed(plain):
    """The capture record of an opened payload, and its two commitments."""
    length = int.from_bytes(plain[1:9], "big")
    if plain[0] != 1 or len(plain) < 41 + length:
        raise Wrong("this is no opened original of version 1")
    salt, record = plain[9:41], plain[41:41 + length]
    commitments = {
        "commitment_sha256": hashlib.sha256(plain).hexdigest(),
        "commitment_blake3": blake3(salt + blake3(record).digest(), derive_key_context=COMMITMENT).hexdigest(),
    }
    return record, commitments


def decoded(record, charset):
    """The characters that the page was read from."""
    body = record[10]
    codings = b",".join(value for name, value in record[9] if name.lower() == b"content-encoding").decode("latin-1")
    for coding in reversed([word.strip().lower() for word in codings.split(",") if word.strip()]):
        if coding in ("gzip", "x-gzip"):
            body = gzip.decompress(body)
        elif coding == "deflate":
            body = zlib.decompress(body, zlib.MAX_WBITS if body[:1] and body[0] & 15 == 8 else -zlib.MAX_WBITS)
        elif coding != "identity":
            raise Wrong(f"the content coding {coding} is not undone")
    if not charset:
        return ""
    text = body.decode({"windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman"}.get(charset.lower(), charset), "replace")
    return text[1:] if text.startswith("\ufeff") else text


def repeated(steps, source):
    """The text that the steps make of the source."""
    made = []
    for step in steps:
        kind = step[0]
        if kind in ("copy", "reference"):
            start, end = step[1:3]
            if not 0 <= start < end <= len(source):
                raise Wrong("a step points outside the original")
            piece = source[start:end]
            made.append(piece if kind == "copy" else html.unescape(piece))
        elif kind in ("text", "token"):
            made.append(step[1])
        else:
            raise Wrong(f"there is no step {kind}")
    return "".join(made)


def views(path):
    """Capture -> title, board, body of the views in a WACZ."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        stream = gzip.GzipFile(fileobj=io.BytesIO(archive.read("archive/data.warc.gz"))).read()
    at = 0
    while at < len(stream):
        end = stream.index(b"\r\n\r\n", at)
        head = stream[at:end].decode()
        length = int(re.search(r"(?mi)^Content-Length: (\d+)", head)[1])
        block = stream[end + 4:end + 4 + length]
        at = end + 4 + length + 4
        if "WARC-Type: resource" in head:
            text = block.decode()
            capture = re.search(r'<meta name="capture" content="(\w+)">', text)[1]
            texts = []
            for name, element in MARKS:
                opening, closing = f"<!--{name}--><{element}>\n", f"</{element}><!--/{name}-->"
                start = text.index(opening) + len(opening)
                texts.append(html.unescape(text[start:text.index(closing, start)]))
            found[capture] = texts
    return found


def check(derivation, plain=None, record=None, shown=None):
    """Repeats one derivation; returns how many characters were copied and how many are given as text."""
    original = derivation["original"]
    if plain is not None:
        record, commitments = unsealed(plain)
        for name, value in commitments.items():
            if original[name] != value:
                raise Wrong(f"the original is not the one that was committed to: {name} differs")
    record, end = cbor(record)
    if record[1].hex() == "" or end == 0:
        raise Wrong("the record is empty")
    source = decoded(record, original["charset"])
    copied = given = 0
    for place, (name, _) in enumerate(MARKS):
        part = derivation[name]
        made = repeated(part["steps"], source)
        if hashlib.sha256(made.encode()).hexdigest() != part["sha256"] or len(made) != part["characters"]:
            raise Wrong(f"the {name} that the steps make is not the one whose digest is given")
        if shown is not None and shown[place] != made:
            raise Wrong(f"the {name} in the archive is not the one that the steps make")
        for step in part["steps"]:
            if step[0] in ("copy", "reference"):
                copied += step[2] - step[1]
            elif step[0] == "text":
                given += len("".join(step[1].split()))
    return copied, given


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--original", action="append", default=[], help="an opened original")
    options.add_argument("derivations")
    options.add_argument("wacz", nargs="?")
    chosen = options.parse_args()
    with open(chosen.derivations, encoding="utf-8") as lines:
        derivations = [json.loads(line) for line in lines]
    by_commitment = {derivation["original"]["commitment_sha256"]: derivation for derivation in derivations}
    shown = views(chosen.wacz) if chosen.wacz else {}
    for path in chosen.original:
        with open(path, "rb") as file:
            plain = file.read()
        derivation = by_commitment.get(hashlib.sha256(plain).hexdigest())
        if derivation is None:
            raise Wrong(f"{path}: no derivation names this original")
        copied, given = check(derivation, plain=plain, shown=shown.get(derivation["capture"]))
        print(f"OK: {derivation['capture']}: {copied} characters copied, {given} given as text")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        sys.exit(1)

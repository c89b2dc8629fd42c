#!/usr/bin/env python3
"""Recompute every span of newsmill records from their printed JSON.

    newsmill analyze ARTICLES | check_spans.py

Reads records as JSON lines on standard input. For every object in a record that has `field`, `start`, `end` and `text`,
`record.article[field][start:end] == text` must hold, counted in the record's `span_unit`. Prints each that does not,
with its line and path, then the counts; exits 1 if there was one, or no record at all. Spans over a text that the record
leaves out (`include_text = false`) cannot be recomputed and are counted apart.
"""
import json
import sys


def units(text, unit):
    """The text as a sequence whose elements are what the unit counts, and how to read a slice of it."""
    if unit == "code_point":
        return text, lambda part: part
    if unit == "byte":
        return text.encode("utf-8"), lambda part: part.decode("utf-8", "replace")
    if unit == "utf16":
        encoded = text.encode("utf-16-le")
        pairs = [encoded[i:i + 2] for i in range(0, len(encoded), 2)]
        return pairs, lambda part: b"".join(part).decode("utf-16-le", "replace")
    raise ValueError(f"unknown span unit {unit!r}")


def spans(value, path=""):
    """Every object below `value` that is a span, with its path."""
    if isinstance(value, dict):
        if {"field", "start", "end", "text"} <= value.keys():
            yield path, value
        for name, inner in value.items():
            yield from spans(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from spans(inner, f"{path}[{index}]")


def main():
    records = checked = unknown = wrong = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        record = json.loads(line)
        records += 1
        article = record["article"]
        counted = {
            field: units(article[field], record["span_unit"])
            for field in ("title", "text")
            if article.get(field) is not None
        }
        for path, span in spans(record):
            if span["field"] not in counted:
                unknown += 1
                continue
            checked += 1
            whole, read = counted[span["field"]]
            start, end = span["start"], span["end"]
            found = read(whole[start:end]) if 0 <= start < end <= len(whole) else None
            if found != span["text"]:
                wrong += 1
                where = f"{span['field']}[{start}:{end}]"
                print(f"line {number}: {path}: {where} is {found!r}, the span says {span['text']!r}")
    print(f"{records} records, {checked} spans checked, {unknown} over a text left out, {wrong} wrong")
    return 1 if wrong or not records else 0


if __name__ == "__main__":
    sys.exit(main())

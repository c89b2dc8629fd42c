#!/usr/bin/env python3
"""Holds the tables of `newsmill eval --json` against those of score.py --json: every figure of the latter must be the same.

    same_figures.py SCORE.json EVAL.json
"""
import json
import math
import sys


def plain(value):
    """What JSON has no word for is null in the program's report."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


score, own = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
differing = [key for key in score if plain(score[key]) != own.get(key)]
for key in differing:
    print(f"{key}: score.py {plain(score[key])}, newsmill eval {own.get(key)}")
if differing:
    sys.exit(1)
print(f"equal figures: score.py and newsmill eval, {len(score)} tables")

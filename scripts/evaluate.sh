#!/usr/bin/env bash
# Holds the records of annotated articles to account, where such articles are at hand:
#   scripts/evaluate.sh FOLDER    with score.py, dev.articles.jsonl, dev.gold.jsonl
# The score is printed; spans that do not hold, and bytes that differ from run to run, are failures.
set -euo pipefail
folder=$1
newsmill=${NEWSMILL:-target/release/newsmill}
if [ ! -f "$folder/dev.articles.jsonl" ]; then
  echo "no annotated articles in $folder: nothing to evaluate"
  exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$newsmill" analyze --threads 8 "$folder/dev.articles.jsonl" > "$scratch/dev.jsonl"
python3 "$folder/score.py" "$folder/dev.gold.jsonl" "$scratch/dev.jsonl"

# The program's own tables are the same.
"$newsmill" eval --json "$folder/dev.gold.jsonl" "$folder/dev.articles.jsonl" > "$scratch/eval.json"
python3 "$folder/score.py" --json "$folder/dev.gold.jsonl" "$scratch/dev.jsonl" > "$scratch/score.json"
python3 scripts/same_figures.py "$scratch/score.json" "$scratch/eval.json"

# Another process, another number of threads: the same bytes.
"$newsmill" analyze --threads 1 "$folder/dev.articles.jsonl" | cmp - "$scratch/dev.jsonl"
echo "equal bytes: 1 and 8 threads, two processes"

# 200 records: the annotated articles, and the project's own with their emoji, combining marks and line ends.
{
  cat "$folder/dev.articles.jsonl"
  head -n 85 tests/corpus/tune.jsonl
  cat tests/corpus/spans.jsonl
} > "$scratch/articles.jsonl"
for unit in code_point utf16 byte; do
  NEWSMILL_RECORD__SPAN_UNIT=$unit "$newsmill" analyze "$scratch/articles.jsonl" | python3 scripts/check_spans.py
done

#!/usr/bin/env python3
"""Hold newsmill's entities, links and dates against public annotated sets.

    span_f1.py uner FILE.iob2              spans on Universal NER (PER, ORG, LOC)
    span_f1.py gum-spans FILE.conllu ...   spans of named mentions on GUM
    span_f1.py gum-links FILE.conllu ...   links on GUM's Wikipedia identities
    span_f1.py gum-dates FILE.conllu ...   values on GUM's `<date when>`
    options: --newsmill PROGRAM (default target/release/newsmill), --errors N, --tables FOLDER (for gum-links)

A span is right where kind, first and last character are the same; "overlap" asks for the kind and one common character.
How the sets are mapped:

  UNER   person -> PER; organization, media -> ORG; country, place -> LOC. Adjectives of states ("Russian") are no names
         there, so demonyms are left out; group, equipment, event, agreement have no label. Sentences are lines, a document
         is an article without a title.
  GUM    A mention of type person, organization or place (object, event, ... have no fitting kind) whose head is a proper
         noun (NNP, NNPS) is a name: for places and organizations the longest run of proper nouns (with "of", "the",
         "for", "and", "-", "." and numbers between them) around the head; for persons the proper nouns of the smallest
         span that lie in no mention within it, without titles ("President", "Dr."); plurals ("Muslims") are no persons.
         Only the largest mention of a run counts. place -> country or place; organization -> organization or media.
         Adjectives are no proper nouns there: demonyms are left out. The first line is the title; sentences of a
         paragraph are joined by a space.
  links  A linked entity has a Wikidata id or an ISO code, or its name is a table's row; its row is right where its name or
         one of its other names is the page's title. Counted for entities one of whose mentions covers, or is covered by, the
         head's run of a mention with a Wikipedia identity. The others are printed, to be judged by hand.
  dates  `when` of a day, month or year against the value of the date that overlaps its words.

Only the standard library is used.
"""
import argparse
import collections
import csv
import json
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

TITLES = set(
    "president minister secretary general senator representative congressman congresswoman governor mayor judge justice chief "
    "king queen prince princess sir lord lady dr dr. mr mr. mrs mrs. ms ms. prof professor pope captain colonel major lieutenant "
    "sergeant ambassador chancellor speaker director chairman prime vice deputy foreign detective officer coach saint emperor "
    "u.s. us state senior first sen. rep. gen. col. lt. st. attorney spokesman spokesperson spokeswoman".split()
)
LINKS = {"of", "the", "for", "and", "-", "–", ".", "&", "de", "la", "von", "van", "der", "bin", "al", "'s", "’s", "/"}


class Article:
    """A text with the places of its tokens, and what is said of them."""

    def __init__(self, id):
        self.id, self.title, self.body, self.published = id, None, "", None
        self.gold = []  # (field, start, end, kind, more)

    def message(self):
        return {"id": self.id, "title": self.title, "published_at": self.published, "body": self.body, "language": "en"}


def analyse(program, articles):
    lines = "\n".join(json.dumps(article.message()) for article in articles) + "\n"
    done = subprocess.run([program, "analyze", "-"], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    return {record["article"]["id"]: record for record in map(json.loads, done.stdout.decode().splitlines())}


def align(text, forms, base=0):
    """The place of each token in its sentence's text."""
    places, at = [], 0
    for form in forms:
        start = text.find(form, at)
        if start < 0:
            raise ValueError(f"{form!r} is not in {text[at:at + 40]!r}")
        at = start + len(form)
        places.append((base + start, base + at))
    return places


# --- Universal NER

def read_uner(path):
    articles, article, text, rows = [], None, "", []

    def close():
        nonlocal rows
        if not rows:
            return
        base = len(article.body)
        places = align(text, [form for form, _ in rows], base)
        article.body += text + "\n"
        start = None
        for index in range(len(rows) + 1):
            tag = rows[index][1] if index < len(rows) else "O"
            if start is not None and not tag.startswith("I-"):
                first, kind = start
                article.gold.append(("text", places[first][0], places[index - 1][1], kind, None))
                start = None
            if tag.startswith("B-"):
                start = (index, tag[2:])
        rows = []

    for line in Path(path).read_text().splitlines():
        if line.startswith("# newdoc id = "):
            article = Article(line.split(" = ", 1)[1])
            articles.append(article)
        elif line.startswith("# text = "):
            text = line.split(" = ", 1)[1]
        elif not line.strip():
            close()
        elif not line.startswith("#"):
            cells = line.split("\t")
            rows.append((cells[1], cells[2]))
    close()
    return articles


UNER = {"person": "PER", "organization": "ORG", "media": "ORG", "country": "LOC", "place": "LOC"}
GUM = {"person": "person", "organization": "organization", "media": "organization", "country": "place", "place": "place"}


# --- GUM

class Token:
    def __init__(self, cells):
        self.form, self.is_proper, self.is_plural = cells[1], cells[4].startswith("NNP"), cells[4] == "NNPS"
        self.is_number = cells[3] == "NUM"
        self.misc = {}
        for part in cells[9].split("|"):
            name, _, value = part.partition("=")
            self.misc[name] = value


class Mention:
    def __init__(self, kind, minspan, identity, start):
        self.kind, self.minspan, self.identity, self.start, self.end = kind, minspan, identity, start, start


def read_gum(path):
    """An article, its tokens with their places, its mentions and its dates."""
    article = Article(Path(path).stem)
    sentences, paragraph, sentence, text = [], 0, [], ""
    for line in Path(path).read_text().splitlines() + [""]:
        if line.startswith("# meta::dateCreated = "):
            # A date that is not known to the day is of no use as one of publication.
            date = line.split(" = ", 1)[1]
            article.published = date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else None
        elif line.startswith("# newpar_block") or line.startswith("# newpar"):
            paragraph += 1
        elif line.startswith("# text = "):
            text = line.split(" = ", 1)[1]
        elif not line.strip():
            if sentence:
                sentences.append((paragraph, text, sentence))
            sentence = []
        elif not line.startswith("#"):
            cells = line.split("\t")
            if cells[0].isdigit():
                sentence.append(Token(cells))
    tokens, fields = [], []
    parts, last = [], None
    for index, (paragraph, text, sentence) in enumerate(sentences):
        if index == 0:
            article.title = text
            field, base = "title", 0
        else:
            if parts:
                parts.append("\n" if paragraph != last else " ")
            field, base = "text", sum(map(len, parts))
            parts.append(text)
        last = paragraph
        tokens += sentence
        fields += [(field, *place) for place in align(text, [token.form for token in sentence], base)]
    article.body = "".join(parts)
    return article, tokens, fields, mentions(tokens), dates(tokens)


def mentions(tokens):
    done, open_by_id = [], collections.defaultdict(list)
    for index, token in enumerate(tokens):
        entity = token.misc.get("Entity", "")
        for part in re.findall(r"\([^()]*\)?|[^()]+\)", entity):
            if part.startswith("("):
                cells = part.strip("()").split("-")
                group, kind = cells[0], cells[1]
                identity = "-".join(cells[7:]) if len(cells) > 7 else ""
                mention = Mention(kind, cells[5] if len(cells) > 5 else "1", urllib.parse.unquote(identity).replace("_", " "), index)
                if part.endswith(")"):
                    done.append(mention)
                else:
                    open_by_id[group].append(mention)
            else:
                group = part.rstrip(")")
                if open_by_id[group]:
                    mention = open_by_id[group].pop()
                    mention.end = index
                    done.append(mention)
    return done


def dates(tokens):
    found, start = [], None
    for index, token in enumerate(tokens):
        xml = token.misc.get("XML", "")
        for tag in re.findall(r"<date when:::\"([^\"]*)\"[^>]*>|(</date>)", xml):
            if tag[0]:
                start = (index, tag[0])
            elif start is not None:
                found.append((start[0], index, start[1]))
                start = None
    return found


def name_run(tokens, mention, inner=()):
    """First and last token of the mention's name; None where it is none. `inner` holds the ranges of mentions within it."""
    # The head is the first token of the smallest span.
    smallest = [mention.start + int(at) - 1 for at in mention.minspan.split(",")]
    head = smallest[0]
    if mention.kind == "person":
        return person_run(tokens, mention, smallest, inner)
    if not mention.start <= head <= mention.end or not tokens[head].is_proper:
        return None
    is_part = lambda at: tokens[at].is_proper or tokens[at].is_number or tokens[at].form in LINKS
    first = last = head
    while first > mention.start and is_part(first - 1):
        first -= 1
    while last < mention.end and is_part(last + 1):
        last += 1
    while not tokens[first].is_proper and first < head:
        first += 1
    while not (tokens[last].is_proper or tokens[last].is_number) and last > head:
        last -= 1
    return first, last


def person_run(tokens, mention, smallest, inner):
    named = [
        at
        for at in smallest
        if at <= mention.end
        and tokens[at].is_proper
        and tokens[at].form.lower() not in TITLES
        and not any(start <= at <= end for start, end in inner)
    ]
    if not named or (len(named) == 1 and tokens[named[0]].is_plural):
        return None
    # The last block: "Ambassador ... Hamdullah Mohib".
    first = last = named[-1]
    for at in reversed(named[:-1]):
        if first - at <= 2 and all(tokens[between].form in LINKS or tokens[between].form == "." for between in range(at + 1, first)):
            first = at
    return first, last


def inner_of(mention, found):
    """Ranges of the mentions of other kinds strictly within one."""
    return [
        (other.start, other.end)
        for other in found
        if other.kind != mention.kind and mention.start <= other.start and other.end <= mention.end and other is not mention
    ]


def gum_spans(tokens, fields, found):
    runs = {}
    for mention in found:
        if mention.kind not in ("person", "organization", "place"):
            continue
        run = name_run(tokens, mention, inner_of(mention, found))
        if run and fields[run[0]][0] == fields[run[1]][0]:
            runs.setdefault(run, mention.kind)
    return [
        (fields[first][0], fields[first][1], fields[last][2], kind, None)
        for (first, last), kind in runs.items()
        # The largest of nested names.
        if not any(other != (first, last) and other[0] <= first and last <= other[1] for other in runs)
    ]


# --- scoring

def spans_of(record, kinds):
    for entity in record.get("entities", []):
        kind = kinds.get(entity["kind"])
        for mention in entity["mentions"]:
            if kind and mention["form"] != "demonym":
                yield mention["field"], mention["start"], mention["end"], kind


def score_spans(articles, records, kinds, errors):
    tally = collections.defaultdict(collections.Counter)
    wrong = []
    for article in articles:
        record = records.get(article.id, {})
        got, want = set(spans_of(record, kinds)), {gold[:4] for gold in article.gold}
        for kind in set(kinds.values()):
            mine, theirs = ({span for span in spans if span[3] == kind} for spans in (got, want))
            count = tally[kind]
            count["right"] += len(mine & theirs)
            count["got"] += len(mine)
            count["want"] += len(theirs)
            overlaps = lambda a, b: a[0] == b[0] and a[1] < b[2] and b[1] < a[2]
            count["near_got"] += sum(any(overlaps(a, b) for b in theirs) for a in mine)
            count["near_want"] += sum(any(overlaps(a, b) for a in mine) for b in theirs)
        for sign, spans in (("false", got - want), ("missed", want - got)):
            for field, start, end, kind in sorted(spans):
                text = (article.title if field == "title" else article.body) or ""
                wrong.append((sign, kind, text[start:end], text[max(0, start - 40):end + 30].replace("\n", " ")))
    whole = collections.Counter()
    for count in tally.values():
        whole.update(count)
    for kind, count in [("all", whole), *sorted(tally.items())]:
        print(f"{kind:14} {row(count['right'], count['got'], count['right'], count['want'])}   "
              f"overlap {row(count['near_got'], count['got'], count['near_want'], count['want'])}")
    for sign, kind, name, around in wrong[:errors]:
        print(f"{sign:7}{kind:14}{name!r:32} ... {around}")


def row(right, got, found, want):
    p, r = right / got if got else 0.0, found / want if want else 0.0
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / (p + r) if p + r else 0.0:.3f} ({got} reported, {want} gold)"


def rows_of(folder):
    """English names of the tables' rows: by name in lower case, all names of each row."""
    rows = collections.defaultdict(set)
    for path in sorted(Path(folder).glob("*.tsv")):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        columns = lines[0].split("\t")
        if "name" not in columns or path.stem == "given_names":
            continue
        for cells in csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE):
            row = dict(zip(columns, cells))
            names = {row["name"]}
            for column in ("other_names", "unsure", "people"):
                names.update(name for name in row.get(column, "").split(";") if name and name != "yes")
            rows[row["name"].lower()] |= {name.lower() for name in names}
    return rows


def score_links(read, records, folder):
    rows = rows_of(folder)
    linked = right = with_id = right_id = 0
    others = collections.Counter()
    for article, tokens, fields, found, _ in read:
        record = records.get(article.id, {})
        identities = {}
        for mention in found:
            run = mention.identity and name_run(tokens, mention, inner_of(mention, found))
            if run and fields[run[0]][0] == fields[run[1]][0]:
                identities[(fields[run[0]][0], fields[run[0]][1], fields[run[1]][2])] = mention.identity
        for entity in record.get("entities", []):
            names = rows.get(entity["name"].lower())
            if not names and not entity.get("wikidata"):
                continue
            titles = {
                title
                for mention in entity["mentions"]
                for (field, start, end), title in identities.items()
                if field == mention["field"] and mention["start"] == start and mention["end"] == end
            }
            for title in titles:
                linked += 1
                with_id += bool(entity.get("wikidata"))
                plain = re.sub(r" \(.*\)$", "", title).lower()
                if title.lower() in (names or set()) or plain in (names or set()):
                    right += 1
                    right_id += bool(entity.get("wikidata"))
                else:
                    forms = sorted({mention["text"] for mention in entity["mentions"]})
                    others[f"{entity.get('wikidata') or 'no id':10} {entity['kind']} {entity['name']} <- {title}   [{', '.join(forms)}] {article.id}"] += 1
    print(f"{linked} links to rows beside an identity, {right} right by name, {linked - right} to be judged by hand")
    print(f"of them with a Wikidata id: {with_id}, {right_id} right by name, {with_id - right_id} to be judged by hand:")
    for line, count in sorted(others.items()):
        print(f"  {line}")


def score_dates(read, records, errors):
    right = found_any = whole = 0
    wrong = []
    for article, tokens, fields, _, when in read:
        values = records.get(article.id, {}).get("dates", [])
        for first, last, value in when:
            if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value) or fields[first][0] != fields[last][0]:
                continue
            whole += 1
            field, start, end = fields[first][0], fields[first][1], fields[last][2]
            over = [date for date in values if date["field"] == field and date["start"] < end and start < date["end"]]
            text = (article.title if field == "title" else article.body)[start:end]
            found_any += bool(over)
            if any(date["value"] == value for date in over):
                right += 1
            else:
                wrong.append(f"{article.id} ({article.published}): {text!r} is {value}, not {[date['value'] for date in over]}")
    print(f"{whole} dates, {found_any} found, {right} right: recall {right / max(whole, 1):.3f}, of those found {right / max(found_any, 1):.3f} right")
    for line in wrong[:errors]:
        print(f"  {line}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["uner", "gum-spans", "gum-links", "gum-dates"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--newsmill", default="target/release/newsmill")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--tables", default="data/knowledge")
    args = parser.parse_args()
    if args.task == "uner":
        articles = [article for path in args.files for article in read_uner(path)]
        score_spans(articles, analyse(args.newsmill, articles), UNER, args.errors)
        return
    read = [read_gum(path) for path in args.files]
    records = analyse(args.newsmill, [article for article, *_ in read])
    if args.task == "gum-spans":
        for article, tokens, fields, found, _ in read:
            article.gold = gum_spans(tokens, fields, found)
        score_spans([article for article, *_ in read], records, GUM, args.errors)
    elif args.task == "gum-links":
        score_links(read, records, args.tables)
    else:
        score_dates(read, records, args.errors)


if __name__ == "__main__":
    sys.exit(main())

"""What a reader of an English page, or of any page, must not meet: Dutch words, and ids of the tables."""

from __future__ import annotations

import html
import re

#: Common Dutch words that are no English words, no part of a name of a place, and no name of a storyline.
WORDS = """
het een van voor zijn niet wordt worden bij naar geen ook maar deze dit nog wie waar moet moeten kan kunnen
uiterlijk netdeel knelpunt knelpunten afname invoeding opwek gemeente gemeenten netbeheerder netbeheerders
uitbreiding verzwaring verbinding tekort jaar jaren provincie vraag warmte woningen bedrijven ruimte kosten
besloten onderzoek verkenning concreet wel als dat aansluiting tijdelijk oordeel draagvlak inpassing aantal
eenheid rij kolom gepland aangenomen gepubliceerd wachtlijst vertrouwelijk huidig besluit vanaf volgens tussen
zonder zoals elke elk bestaande vermogens leiding nodig meer minder laagste hoogste gekozen
"""
DUTCH = frozenset(WORDS.split())
#: Names of the Dutch storylines and variants, which stay as they are.
PROPER = re.compile(
    r"Koersvaste Middenweg|Eigen Vermogen|Gezamenlijke Balans|Horizon Aanvoer|Nulalternatief|\bDe Wijk\b|charging van"
)
#: Ids: of transformers and circuits, municipalities, results, columns and codes.
RAW_ID = re.compile(
    r"\b[A-Z]{2,5}\d{0,3}-\d{2,3}-\w+\b|\b[A-Z]{2,5}\d{2,3}-[A-Z]{2,5}\d{2,3}\b|\bGM\d{4}\b|\bmvlv-\w+"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b(?!\.csv)|\w+-electricity-(?:take-off|feed-in)|\w:new-station"
)


def shown_text(page: str) -> str:
    """Give what a page shows: no scripts, no names of files and columns, no addresses, nothing marked as Dutch."""
    page = re.sub(r"<head>.*?</head>|<script\b.*?</script>|<code>.*?</code>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<(span|td|a)\b[^>]* lang="nl"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    page = re.sub(r'<p class="source">.*?</p>', " ", page, flags=re.DOTALL)
    return plain(html.unescape(re.sub(r"<[^>]+>", " | ", page)))


def plain(text: str) -> str:
    """Take out addresses and names of files, which are in no language."""
    return re.sub(r"https?://\S+|\b[\w/-]+\.(?:csv|yaml|xlsx)\b", " ", text)


def dutch_words(text: str) -> list[str]:
    """Find Dutch words, each with the words around it."""
    text = PROPER.sub(" ", text.replace("\N{SOFT HYPHEN}", ""))
    hits = re.finditer(r"[A-Za-zÀ-ÿ']+", text)
    return [text[max(0, h.start() - 30) : h.end() + 30] for h in hits if h[0].lower() in DUTCH]


def raw_ids(text: str) -> list[str]:
    """Find ids of the tables."""
    return RAW_ID.findall(text)

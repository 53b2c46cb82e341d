"""Sentences of the explanation, Dutch and English."""
# ruff: noqa: E501 - a sentence on one line is easier to read and to translate

from __future__ import annotations

TEXTS = {
    "nl": {
        "title": "{id}: {name} ({type}, {carrier})",
        "why": "Waarom: {text}",
        "type": "Type: {text}",
        "certain": "Zekerheid: {text} ({reason})",
        "none": "Dit project heeft geen knelpunt; het komt uit {origin}.",
        "plan": "het investeringsplan", "previous": "de vorige pMIEK", "pathway": "een ontwikkelpad",
        "bottleneck": "Knelpunt {id}, {state}: vanaf {first}, in {n} scenario's; zwaarste geval {storyline} {year}, "
        "weerjaar {wy}: {mw} MW boven de grens van {limit} MW, {hours} uur, {mwh} MWh ({contingency}, {season})",
        "hours": "Wanneer: maanden {months}, uren {hours} (lokale tijd)",
        "shares": "Wie op het drukste uur: {text}",
        "inputs": "Invoer erachter:",
        "input": "{file}, rij {row}: {key}, {column} = {value} ({quality})",
        "planned": "Plan: {file}, rij {row}: {name}, {status}, uiterlijk {year}, {mw} MW",
        "align": "Afstemming: {text}",
        "sensitive": "Wat dit project draagt:",
        "vanish": "Met een eenheid meer dan aangenomen verdwijnt {id}.",
        "assumed": "{n} van {total} invoerrijen zijn aangenomen: {keys}.",
        "driver": "Zonder {sector} in {place} ({share} van de piek) blijft {left} MW tekort over in het zwaarste geval.",
        "gone": "Zonder {sector} in {place} ({share} van de piek) verdwijnt het tekort in het zwaarste geval.",
        "frozen": "huidig net", "nulalternatief": "nulalternatief", "unknown": "onbekend project {id!r}",
        "like": "; bedoelt u {ids}?", "winter": "winter", "summer": "zomer", "all year": "hele jaar", "day": "overdag", "night": "'s nachts", "all day": "hele dag",
    },
    "en": {
        "title": "{id}: {name} ({type}, {carrier})",
        "why": "Why: {text}",
        "type": "Type: {text}",
        "certain": "Certainty: {text} ({reason})",
        "none": "This project has no bottleneck; it comes from {origin}.",
        "plan": "the investment plan", "previous": "the previous pMIEK", "pathway": "a pathway",
        "bottleneck": "Bottleneck {id}, {state}: from {first}, in {n} storylines; hardest case {storyline} {year}, "
        "weather year {wy}: {mw} MW above the limit of {limit} MW, {hours} hours, {mwh} MWh ({contingency}, {season})",
        "hours": "When: months {months}, hours {hours} (local time)",
        "shares": "Who in the busiest hour: {text}",
        "inputs": "Inputs behind it:",
        "input": "{file}, row {row}: {key}, {column} = {value} ({quality})",
        "planned": "Plan: {file}, row {row}: {name}, {status}, {year} at the latest, {mw} MW",
        "align": "Alignment: {text}",
        "sensitive": "What carries this project:",
        "vanish": "With one unit more than assumed {id} vanishes.",
        "assumed": "{n} of {total} input rows are assumed: {keys}.",
        "driver": "Without {sector} in {place} ({share} of the peak) {left} MW of shortage remains in the hardest case.",
        "gone": "Without {sector} in {place} ({share} of the peak) the shortage vanishes in the hardest case.",
        "frozen": "today's grid", "nulalternatief": "nulalternatief", "unknown": "unknown project {id!r}",
        "like": "; did you mean {ids}?", "winter": "winter", "summer": "summer",
    },
}  # fmt: skip

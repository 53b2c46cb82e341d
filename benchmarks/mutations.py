"""Seeded faults in the inputs: how many are refused, asked about, or pass in silence; and false alarms.

Run from the project folder: ``python benchmarks/mutations.py --count 300 --seed 1``. Each mutation changes the
text cells of one shipped table and goes through the same checks as ``pmiek check``. Kinds called harmful change
what a figure means by a factor of ten or more, lose rows, or point elsewhere; harmless ones are what people do
every day.
"""

from __future__ import annotations

import argparse
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pmiek.inputs.cells import convert, empty_frame
from pmiek.inputs.checks import check_references, check_table
from pmiek.inputs.plan_years import with_service_years
from pmiek.inputs.plausible.run import check_plausible
from pmiek.inputs.reading import read_cells
from pmiek.inputs.registry import TABLES
from pmiek.inputs.rules import check_rules

INPUTS = Path("inputs")
Cells = dict[str, pd.DataFrame]
Mutation = Callable[[random.Random, str, pd.DataFrame], tuple[pd.DataFrame, str] | None]
LEFT_OUT = {"confirmed", "editions", "sources", "weighing/judgments", "projects/status"}


def _numbers(name: str, frame: pd.DataFrame) -> list[str]:
    return [
        c.name
        for c in TABLES[name].columns
        if c.kind in {"number", "integer"} and c.name in frame and c.name not in TABLES[name].key
    ]


def _cell(rng: random.Random, frame: pd.DataFrame, columns: list[str]) -> tuple[int, str] | None:
    column = rng.choice(columns) if columns else ""
    if not column:
        return None
    floor = 1e-2 * pd.to_numeric(frame[column], errors="coerce").abs().max()
    rows = [i for i, text in frame[column].items() if text not in {"", "0", "0.0"} and _weighty(text, floor)]
    return (rng.choice(rows), column) if rows else None


def _weighty(text: str, floor: float) -> bool:
    """Say whether a figure can move a published table: not one that is small beside its column's largest."""
    try:
        return abs(float(text)) >= floor
    except ValueError:
        return True


def _changed(frame: pd.DataFrame, row: int, column: str, value: str) -> pd.DataFrame:
    out = frame.copy()
    out.loc[row, column] = value
    return out


def scale(factor: float) -> Mutation:
    """Multiply a figure."""

    def mutate(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
        columns = [c for c in _numbers(name, frame) if "year" not in c]
        place = _cell(rng, frame, columns)
        if place is None:
            return None
        row, column = place
        value = f"{float(frame.loc[row, column]) * factor:.10g}"
        if TABLES[name].column(column).kind == "integer":
            value = f"{round(float(value))}"
        return _changed(frame, row, column, value), f"{column} row {row} to {value}"

    return mutate


def sign(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Turn the sign of a figure."""
    place = _cell(rng, frame, _numbers(name, frame))
    if place is None:
        return None
    row, column = place
    return _changed(frame, row, column, f"-{frame.loc[row, column]}".replace("--", "")), f"{column} row {row}"


def word(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Write a word, a unit or a comma in the place of a figure."""
    place = _cell(rng, frame, _numbers(name, frame))
    if place is None:
        return None
    row, column = place
    value = rng.choice(["onbekend", "n.v.t.", "1,5", "12 MW", "1e999", "NaN", "#REF!"])
    return _changed(frame, row, column, value), f"{column} row {row} to {value}"


def reference(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Point at an id that does not exist."""
    columns = [c.name for c in TABLES[name].columns if c.refers_to and c.name in frame]
    place = _cell(rng, frame, columns)
    if place is None:
        return None
    row, column = place
    return _changed(frame, row, column, str(frame.loc[row, column]) + "x"), f"{column} row {row}"


def other_reference(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Point at another id that does exist."""
    columns = [
        c.name for c in TABLES[name].columns if c.refers_to and c.name in frame and c.name != "source"
        and frame[c.name].nunique() > 2 and not c.name.endswith("_source")
    ]  # fmt: skip
    place = _cell(rng, frame, columns)
    if place is None:
        return None
    row, column = place
    others = sorted({v for v in frame[column] if v not in {"", frame.loc[row, column]}})
    return _changed(frame, row, column, rng.choice(others)), f"{column} row {row}"


def lost_row(rng: random.Random, _name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Leave out one row."""
    row = rng.choice(list(frame.index)) if len(frame) else None
    return None if row is None else (frame.drop(index=row), f"row {row}")


def cut_short(rng: random.Random, _name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Cut the table off, as a broken save does."""
    if len(frame) < 4:
        return None
    keep = rng.randrange(1, len(frame) - 1)
    return frame.iloc[:keep], f"after {keep} rows"


def emptied(_rng: random.Random, _name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Leave the header only."""
    return (frame.iloc[:0], "all rows") if len(frame) else None


def doubled(rng: random.Random, _name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Repeat a row."""
    if frame.empty:
        return None
    row = rng.choice(list(frame.index))
    return pd.concat([frame, frame.loc[[row]].set_axis([int(frame.index.max()) + 1])]), f"row {row}"


def exchanged(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Exchange two columns of figures."""
    columns = [c for c in _numbers(name, frame) if (frame[c] != "").sum() > 0]
    if len(columns) < 2:
        return None
    first, second = rng.sample(columns, 2)
    differ = frame[first] != frame[second]
    if not differ.any():
        return None
    return frame.rename(columns={first: second, second: first}), f"{first} and {second}"


def misnamed(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Misspell a column."""
    required = [c.name for c in TABLES[name].columns if not c.optional]
    column = rng.choice(required)
    return frame.rename(columns={column: column + "_"}), column


def blank(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Empty a figure."""
    place = _cell(rng, frame, _numbers(name, frame))
    return None if place is None else (_changed(frame, *place, ""), f"{place[1]} row {place[0]}")


def small_change(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Move one figure by a few per cent, as a new measurement would."""
    columns = [
        c for c in _numbers(name, frame) if "year" not in c and TABLES[name].column(c).kind == "number"
    ]
    shares = {c for c in columns if TABLES[name].column(c).maximum == 1.0 or c in {"value", "low", "high"}}
    place = _cell(rng, frame, [c for c in columns if c not in shares and c not in {"lat", "lon"}
                                     and not c.endswith("_kv") and not c.startswith("rating_")])  # fmt: skip
    if place is None or name in {"weather/years", "profiles/offshore_fit"}:
        return None
    row, column = place
    value = f"{float(frame.loc[row, column]) * (1 + rng.uniform(-0.05, 0.05)):.8g}"
    return _changed(frame, row, column, value), f"{column} row {row} to {value}"


def remark(rng: random.Random, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Write a remark."""
    if frame.empty or not any(c.name == "note" for c in TABLES[name].columns):
        return None
    out = frame.copy()
    if "note" not in out:
        out["note"] = ""
    row = rng.choice(list(out.index))
    out.loc[row, "note"] = "Nagekeken, klopt; zie e-mail 3-2"
    return out, f"note row {row}"


def shuffled(rng: random.Random, _name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, str] | None:
    """Put the rows in another order."""
    order = list(frame.index)
    rng.shuffle(order)
    return frame.loc[order].set_axis(frame.index), "rows in another order"


HARMFUL: dict[str, Mutation] = {
    "times 1000": scale(1000.0),
    "over 1000": scale(0.001),
    "times 10": scale(10.0),
    "over 10": scale(0.1),
    "sign": sign,
    "word for a figure": word,
    "dangling reference": reference,
    "other reference": other_reference,
    "lost row": lost_row,
    "cut short": cut_short,
    "table emptied": emptied,
    "doubled row": doubled,
    "columns exchanged": exchanged,
    "column misnamed": misnamed,
    "figure blanked": blank,
}
HARMLESS: dict[str, Mutation] = {"small change": small_change, "remark": remark, "other order": shuffled}


def read_all() -> Cells:
    """Read the text cells of every shipped table."""
    return {
        name: cells for name, table in TABLES.items() if (cells := read_cells(INPUTS, table)[0]) is not None
    }


def outcome(typed: dict[str, pd.DataFrame], name: str, mutated: pd.DataFrame) -> tuple[str, str]:
    """Send one changed table through the checks; gives refused, asked, silent or traceback, and the first words."""
    try:
        table = TABLES[name]
        if mutated.empty and table.needs_rows:
            return "refused", "only a header"
        frame, problems = convert(table, mutated)
        reported = {(p.row, p.column) for p in problems if p.row is not None and p.row > 1}
        problems += check_table(table, frame, reported)
        frames = {**typed, name: frame}
        problems += check_references(frames)
        problems += with_service_years(frames)
        problems += check_rules(frames)
        problems += check_plausible(INPUTS, frames)
    except Exception:  # noqa: BLE001 -- a traceback is one of the outcomes that are counted
        return "traceback", traceback.format_exc().splitlines()[-1]
    if any(not p.asks for p in problems):
        return "refused", str(next(p for p in problems if not p.asks))
    return ("asked", str(problems[0])) if problems else ("silent", "")


def run(count: int, seed: int, *, harmful: bool = True) -> list[tuple[str, str, str, str, str, float]]:
    """Try mutations in turn over all kinds.

    Returns
    -------
    list of (kind, table, place, outcome, words, seconds)
    """
    rng = random.Random(seed)  # noqa: S311 -- a repeatable choice, no secret
    cells = read_all()
    typed = {name: convert(TABLES[name], frame)[0] for name, frame in cells.items()}
    typed |= {name: empty_frame(table) for name, table in TABLES.items() if name not in typed}
    start = outcome(typed, "costs/carriers", cells["costs/carriers"])
    if start[0] != "silent":
        message = (
            f"the inputs raise something before anything is changed, so nothing can be counted: {start[1]}"
        )
        raise SystemExit(message)
    names = sorted(set(cells) - LEFT_OUT)
    kinds = list((HARMFUL if harmful else HARMLESS).items())
    out = []
    while len(out) < count:
        kind, mutate = kinds[len(out) % len(kinds)]
        name = rng.choice(names)
        done = mutate(rng, name, cells[name])
        if done is None or done[0].equals(cells[name]):
            continue
        start = time.process_time()
        result, words = outcome(typed, name, done[0])
        out.append((kind, name, done[1], result, words, time.process_time() - start))
    return out


def main() -> None:
    """Try both kinds and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--silent", action="store_true", help="list what passed in silence, and false alarms")
    options = parser.parse_args()
    for title, harmful in (("harmful", True), ("harmless", False)):
        rows = run(options.count if harmful else max(options.count // 3, 30), options.seed, harmful=harmful)
        table = Counter((kind, result) for kind, _, _, result, _, _ in rows)
        print(title)
        for kind in HARMFUL if harmful else HARMLESS:
            print(f"  {kind:<20}", {r: n for (k, r), n in sorted(table.items()) if k == kind})
        total = Counter(result for _, _, _, result, _, _ in rows)
        print("  all", dict(total), f"slowest {max(row[5] for row in rows):.1f} s of processor time")
        if options.silent:
            for kind, name, place, result, words, _ in rows:
                if result == "traceback" or (result == "silent") == harmful:
                    print(f"    {kind}: {name} {place}: {result} {words[:200]}")


if __name__ == "__main__":
    main()

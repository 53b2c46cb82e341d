"""Decision tables: certainty, project type and interim measures, as data that tests and docs share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pmiek.decide.projects.tables import DECIDED, OPEN_DECISION, is_decided

CERTAIN, LIKELY, UNCERTAIN = "zeker", "waarschijnlijk", "onzeker"


@dataclass(frozen=True)
class Facts:
    """What is known of one project when its type and certainty are decided.

    Attributes
    ----------
    has_need : bool
        A bottleneck or a pathway asks for it in at least one run.
    storylines, storylines_total, weather_years, weather_years_total : int
        In how many the need occurs, and how many were screened.
    vanishes : bool
        Every bottleneck of the project disappears with one unit more than assumed.
    carrier : str
        electricity, hydrogen, methane or heat.
    decision_status : str
        Of the matched plan row, or empty.
    plan_kind : str
        Kind of the matched plan row, or empty.
    earlier_type : str
        Type in the previous edition, or empty.
    carrier_share : float
        Share (0-1) of the peak that another carrier could supply, such as heat for homes.
    direction : str
        ``take-off``, ``feed-in`` or empty.
    variants, variants_total : int
        Variants whose pathway builds it, and variants that may build.
    asset_class : str
        Of the bottleneck, or empty.
    """

    has_need: bool = False
    storylines: int = 0
    storylines_total: int = 4
    weather_years: int = 0
    weather_years_total: int = 1
    vanishes: bool = False
    carrier: str = "electricity"
    decision_status: str = ""
    plan_kind: str = ""
    earlier_type: str = ""
    carrier_share: float = 0.0
    direction: str = ""
    variants: int = 0
    variants_total: int = 0
    asset_class: str = ""

    @property
    def decided(self) -> bool:
        """Whether the status counts as a decision for this carrier."""
        return is_decided(self.carrier, self.decision_status)


CARRIER_QUESTION_SHARE = 0.5
ENOUGH_WEATHER_YEARS = 0.5
DISTRIBUTION = ("mv_lv", "mv_station")  # many stations per municipality, no single place


@dataclass(frozen=True)
class TypeRule:
    """One row of the decision table: the first row whose test holds decides."""

    rule: str
    test: Callable[[Facts], bool]
    type: str
    reason_nl: str
    reason_en: str


TYPE_RULES: tuple[TypeRule, ...] = (
    TypeRule(
        "decided_electricity",
        lambda f: f.decided and f.carrier == "electricity",
        "concreet",
        "Het project staat in een investeringsplan of is verder ({status}); voor elektriciteit geldt dat als besluit.",
        "The project is in an investment plan or further ({status}); for electricity that counts as a decision.",
    ),
    TypeRule(
        "decided_other_carrier",
        lambda f: f.decided,
        "concreet",
        "Er is een project- of investeringsbesluit, of een aangewezen gebied ({status}).",
        "A project or investment decision is taken, or an area is designated ({status}).",
    ),
    TypeRule(
        "source_only",
        lambda f: f.plan_kind in {"source", "study"} and f.decision_status in OPEN_DECISION,
        "onderzoek",
        "Het gaat om een mogelijke bron of een studie; eerst moet blijken welke infrastructuur gewenst is.",
        "This is a possible source or a study; which infrastructure is wanted must be found out first.",
    ),
    TypeRule(
        "announced",
        lambda f: f.decision_status in OPEN_DECISION or (f.decision_status in DECIDED and not f.decided),
        "verkenning",
        "Het project is aangekondigd of wordt verkend ({status}); voor een besluit is nog informatie nodig.",
        "The project is announced or explored ({status}); information for a decision is still missing.",
    ),
    TypeRule(
        "few_storylines",
        lambda f: f.has_need and f.storylines <= 1 and f.storylines_total > 1,
        "onderzoek",
        "De behoefte komt in {storylines} van {total} scenario's voor; eerst moet blijken of zij er komt.",
        "The need occurs in {storylines} of {total} storylines; whether it will come must be found out first.",
    ),
    TypeRule(
        "capacity_unknown",
        lambda f: f.has_need and f.vanishes,
        "onderzoek",
        "Met één eenheid meer dan aangenomen verdwijnt het knelpunt; eerst moet de netbeheerder de werkelijke "
        "capaciteit geven.",
        "With one unit more than assumed the bottleneck vanishes; the operator must first give the real capacity.",
    ),
    TypeRule(
        "carrier_open",
        lambda f: (
            f.has_need
            and f.carrier == "electricity"
            and f.direction == "take-off"
            and f.carrier_share >= CARRIER_QUESTION_SHARE
        ),
        "onderzoek",
        "{share} van de piek kan ook met een andere drager (warmte of gas); eerst moet die keuze worden gemaakt.",
        "{share} of the peak could be supplied by another carrier (heat or gas); that choice comes first.",
    ),
    TypeRule(
        "carrier_choice",
        lambda f: f.has_need and f.carrier != "electricity" and 0 < f.variants < f.variants_total,
        "onderzoek",
        "{variants} van {variants_total} ontwikkelvarianten bouwen dit; eerst moet blijken welke drager gewenst is.",
        "{variants} of {variants_total} variants build this; which carrier is wanted must be found out first.",
    ),
    TypeRule(
        "heat_network_open",
        lambda f: f.has_need and f.carrier == "heat",
        "onderzoek",
        "Er is geen gebied aangewezen voor een warmtenet; of het er komt en met welke bron, moet eerst blijken.",
        "No area is designated for a heat network; whether it comes and from which source must be found out first.",
    ),
    TypeRule(
        "hydrogen_open",
        lambda f: f.has_need and f.carrier == "hydrogen",
        "onderzoek",
        "Gebruikers kunnen ook voor elektriciteit of gas kiezen, en de aanvoer is niet besloten; eerst moet blijken "
        "of hier waterstof komt.",
        "Users may also choose electricity or gas, and supply is not decided; whether hydrogen comes here must be "
        "found out first.",
    ),
    TypeRule(
        "districts_to_choose",
        lambda f: f.has_need and f.asset_class in DISTRIBUTION,
        "verkenning",
        "De behoefte komt in {storylines} van {total} scenario's voor; welke wijken eerst komen en waar de stations "
        "staan, moeten netbeheerder en gemeente nog kiezen.",
        "The need occurs in {storylines} of {total} storylines; operator and municipality must still choose which "
        "districts come first and where the stations stand.",
    ),
    TypeRule(
        "need_without_decision",
        lambda f: f.has_need,
        "verkenning",
        "De behoefte komt in {storylines} van {total} scenario's voor en er is nog geen besluit.",
        "The need occurs in {storylines} of {total} storylines and no decision is taken yet.",
    ),
    TypeRule(
        "earlier_concrete_or_exploration",
        lambda f: f.earlier_type in {"concreet", "verkenning"},
        "verkenning",
        "Het project stond als {earlier} in de vorige pMIEK; de doorrekening toont geen tekort en er is geen "
        "besluit bekend.",
        "The project was in the previous pMIEK as {earlier}; the model shows no shortage and no decision is known.",
    ),
    TypeRule(
        "nothing_known",
        lambda f: True,  # noqa: ARG005
        "onderzoek",
        "Er is geen besluit en geen doorgerekende behoefte; eerst moet blijken welke infrastructuur gewenst is.",
        "There is no decision and no modelled need; which infrastructure is wanted must be found out first.",
    ),
)

STATUS_WORDS = {
    "done": ("gereed", "done"),
    "under_construction": ("in aanbouw", "under construction"),
    "irrevocable_zoning": ("omgevingsplan onherroepelijk", "zoning irrevocable"),
    "in_investment_plan": ("in het investeringsplan", "in the investment plan"),
    "investment_decision": ("investeringsbesluit genomen", "investment decision taken"),
    "designated_area": ("gebied aangewezen", "area designated"),
    "announced": ("aangekondigd", "announced"),
    "exploration": ("in verkenning", "being explored"),
    "": ("geen besluit bekend", "no decision known"),
}


def project_type(facts: Facts) -> tuple[str, str, str, str]:
    """Return type, reason in Dutch, reason in English and the name of the rule that decided."""
    rule = next(rule for rule in TYPE_RULES if rule.test(facts))
    status_nl, status_en = STATUS_WORDS.get(facts.decision_status, (facts.decision_status,) * 2)
    values = {
        "storylines": facts.storylines,
        "total": facts.storylines_total,
        "share": f"{100 * facts.carrier_share:.0f}%",
        "earlier": facts.earlier_type,
        "variants": facts.variants,
        "variants_total": facts.variants_total,
    }
    return (
        rule.type,
        rule.reason_nl.format(status=status_nl, **values),
        rule.reason_en.format(status=status_en, **values),
        rule.rule,
    )


def certainty(facts: Facts) -> tuple[str, str, str]:
    """Say how certain the need is, with the reason in Dutch and English.

    zeker: in all storylines, in at least half of the weather years, and not gone with one unit more.
    waarschijnlijk: in at least half of the storylines, and either not gone with one unit more or in all
    storylines. onzeker: everything else, also a project without a modelled need.

    Returns
    -------
    tuple of str
        Word, reason_nl, reason_en.
    """
    if not facts.has_need:
        return UNCERTAIN, "geen doorgerekende behoefte", "no modelled need"
    everywhere = facts.storylines >= facts.storylines_total
    often = facts.weather_years >= ENOUGH_WEATHER_YEARS * facts.weather_years_total
    half = 2 * facts.storylines >= facts.storylines_total
    if everywhere and often and not facts.vanishes:
        word = CERTAIN
    elif (half and not facts.vanishes) or everywhere:
        word = LIKELY
    else:
        word = UNCERTAIN
    nl = f"{facts.storylines} van {facts.storylines_total} scenario's, {facts.weather_years} van "
    nl += f"{facts.weather_years_total} weerjaren"
    en = f"{facts.storylines} of {facts.storylines_total} storylines, {facts.weather_years} of "
    en += f"{facts.weather_years_total} weather years"
    if facts.vanishes:
        nl += ", verdwijnt met één eenheid meer"
        en += ", vanishes with one unit more"
    return word, nl, en


@dataclass(frozen=True)
class Interim:
    """One interim measure: the situations in which it bridges the gap until the project is in service.

    Attributes
    ----------
    measure : str
        Key.
    directions, asset_classes : tuple of str
        Where it can be used; an empty tuple means everywhere.
    min_gap_years, max_hours : float
        From which gap on, and up to how many hours of exceedance a year it can carry.
    label_nl, label_en : str
        What the reader sees.
    """

    measure: str
    directions: tuple[str, ...]
    asset_classes: tuple[str, ...]
    min_gap_years: float
    max_hours: float
    label_nl: str
    label_en: str


ALWAYS = 8760.0
STATION = ("station_transformer", "coupling_transformer")
INTERIM_MEASURES: tuple[Interim, ...] = (
    Interim("congestion_management", (), (), 0, ALWAYS, "congestiemanagement", "congestion management"),
    Interim(
        "non_firm_contract", ("take-off",), (), 0, ALWAYS,
        "aansluiten zonder vaste rechten", "connections without firm rights",
    ),
    Interim(
        "group_contract", ("take-off",), ("station_transformer",), 0, ALWAYS,
        "groepscontract per station", "group contract per station",
    ),
    Interim(
        "curtailment", ("feed-in",), (), 0, ALWAYS,
        "tijdelijk aftoppen van zon en wind", "temporary curtailment of solar and wind",
    ),
    Interim(
        "reserve_for_feed_in", ("feed-in",), ("circuit", *STATION), 0, ALWAYS,
        "reservecapaciteit benutten voor invoeding", "use of reserve capacity for feed-in",
    ),
    Interim(
        "higher_loading", (), STATION, 0, 500.0,
        "tijdelijk hoger belasten van transformatoren", "temporary higher loading of transformers",
    ),
    Interim(
        "temporary_battery", (), ("station_transformer", "circuit"), 2, 1500.0,
        "tijdelijke batterij bij het station", "temporary battery at the station",
    ),
    Interim(
        "mobile_mv_station", (), ("station_transformer", "mv_station"), 3, ALWAYS,
        "mobiel middenspanningsstation", "mobile medium-voltage station",
    ),
    Interim(
        "switching_state", (), ("circuit", "coupling_transformer"), 1, ALWAYS,
        "andere schakeltoestand", "other switching state",
    ),
)  # fmt: skip


def interim_measures(
    direction: str, asset_class: str, gap_years: float, hours: float
) -> tuple[list[Interim], str, str]:
    """Choose what bridges the gap until the project can be in service.

    Parameters
    ----------
    direction : str
        ``take-off``, ``feed-in``, or both joined with a semicolon.
    asset_class : str
        Of the bottleneck.
    gap_years : float
        Years between the need and the first moment that the project can be in service.
    hours : float
        Hours a year above the limit.

    Returns
    -------
    tuple
        The measures, and their labels in Dutch and English joined with "; ". Nothing when there is no gap.
    """
    if gap_years <= 0:
        return [], "", ""
    wanted = set(direction.split(";"))
    chosen = [
        m
        for m in INTERIM_MEASURES
        if (not m.directions or wanted & set(m.directions))
        and (not m.asset_classes or asset_class in m.asset_classes)
        and gap_years >= m.min_gap_years
        and hours <= m.max_hours
    ]
    return chosen, "; ".join(m.label_nl for m in chosen), "; ".join(m.label_en for m in chosen)

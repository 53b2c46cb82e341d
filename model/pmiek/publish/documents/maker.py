"""Makes the Word templates that ship with the project: ``python -m pmiek.publish.documents.maker``.

The working group edits the files in ``inputs/templates`` in Word; this script gives a fresh start.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pmiek.publish.documents.texts import words
from pmiek.publish.documents.word import EMPTY, EVEN, FIELD_PREFIX, WORD, fill, save

FICHE = "fiche.docx"
DOCUMENT = "pmiek.docx"
TEMPLATES = "inputs/templates"
BLUE, GREY = RGBColor(0x0B, 0x3D, 0x66), RGBColor(0x55, 0x5F, 0x69)
HEAD_FILL, LABEL_FILL, FIELD_FILL = "DCE6EF", "F2F5F8", "FFF8E5"
FULL_CM = 17.0
"""Width of the text."""


def blank() -> Any:
    """Give an empty document in the house style: A4, Dutch, headings, and a footer with page numbers."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    styles = document.styles
    for name, size, before in (
        ("Normal", 10, 0),
        ("Title", 20, 0),
        ("Heading 1", 14, 14),
        ("Heading 2", 11.5, 10),
    ):
        style = styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(key), None)
        for key in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(key), "Calibri")
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        if name != "Normal":
            style.font.color.rgb, style.font.bold = BLUE, True
            style.paragraph_format.keep_with_next = True
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    default = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = default.find(qn("w:lang"))
    language = OxmlElement("w:lang") if language is None else language
    for key in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(key), "nl-NL" if key != "w:bidi" else "ar-SA")
    if language.getparent() is None:
        default.append(language)
    return document


def footer(document: Any, text: str) -> None:
    """Put a text and the page number at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"{text}  |  ")
    number = paragraph.add_run()
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        number._r.append(element)  # noqa: SLF001 - python-docx has no call for fields
    for part in (run, number):
        part.font.size, part.font.color.rgb = Pt(8), GREY


def text(
    document: Any, content: str, *, style: str = "Normal", small: bool = False, keep: bool = False
) -> Any:
    """Add a paragraph."""
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(content)
    if small:
        run.font.size, run.font.color.rgb = Pt(8.5), GREY
    paragraph.paragraph_format.keep_with_next = keep
    return paragraph


def shade(cell: Any, fill_colour: str) -> None:
    """Colour the background of a cell."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no call for shading
    mark = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill_colour)):
        mark.set(qn(key), value)
    properties.append(mark)


def put(cell: Any, content: str, *, bold: bool = False, size: float = 9) -> None:
    """Write the text of a cell."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(content)
    run.font.size, run.bold = Pt(size), bold


def table(document: Any, heads: Sequence[str], widths: Sequence[float]) -> Any:
    """Add a table with a head that comes back on each page; widths in cm."""
    made = document.add_table(rows=1 if heads else 0, cols=len(widths))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.LEFT, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    if heads:
        for cell, head in zip(made.rows[0].cells, heads, strict=True):
            put(cell, head, bold=True)
            shade(cell, HEAD_FILL)
        repeat(made.rows[0])
        size(made.rows[0], widths)
    return made


def repeat(row: Any) -> None:
    """Let a row come back at the top of each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no call for it


def whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no call for it


def size(row: Any, widths: Sequence[float]) -> None:
    """Set the widths of the cells of a row, in cm."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Cm(width)


def add_row(made: Any, cells: Sequence[str], widths: Sequence[float], *, label: bool = False) -> Any:
    """Add a row of text; with ``label`` the first cell is a label."""
    row = made.add_row()
    for number, (cell, content) in enumerate(zip(row.cells, cells, strict=True)):
        put(cell, content, bold=label and number == 0)
        if label and number == 0:
            shade(cell, LABEL_FILL)
    size(row, widths)
    whole(row)
    return row


def loop(document: Any, rows: str, item: str, columns: Sequence[tuple[str, str, float]]) -> Any:
    """Add a table with one row per entry of a list: columns as head, column of the list and width in cm."""
    widths = [width for _, _, width in columns]
    made = table(document, [head for head, _, _ in columns], widths)
    add_row(made, [f"{{%tr for {item} in {rows} %}}", *[""] * (len(columns) - 1)], widths)
    add_row(made, [f"{{{{ {item}.{name} }}}}" for _, name, _ in columns], widths, label=True)
    add_row(made, ["{%tr endfor %}", *[""] * (len(columns) - 1)], widths)
    return made


def control(cell: Any, name: str, label: str) -> None:
    """Put a content control into a cell, for people to write in."""
    field = parse_xml(
        f'<w:sdt xmlns:w="{WORD}"><w:sdtPr><w:alias w:val="{label}"/>'
        f'<w:tag w:val="{FIELD_PREFIX}{name}"/><w:text w:multiLine="1"/></w:sdtPr>'
        f'<w:sdtContent><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>{EMPTY}</w:t></w:r></w:sdtContent></w:sdt>'
    )
    cell.paragraphs[0]._p.append(field)  # noqa: SLF001 - python-docx has no call for content controls
    cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    shade(cell, FIELD_FILL)


def _pairs(document: Any, pairs: Sequence[tuple[str, str]]) -> None:
    widths = (4.2, FULL_CM - 4.2)
    made = table(document, (), widths)
    for label, content in pairs:
        add_row(made, (label, content), widths, label=True)


def _only_if(document: Any, condition: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")


def _end(document: Any) -> None:
    document.add_paragraph("{%p endif %}")


def make_fiche_template() -> Any:
    """Make the template of the fiche."""
    document = blank()
    document.core_properties.title = "Projectfiche"
    text(document, "{{ naam }}", style="Title")
    text(document, "Projectfiche pMIEK – {{ type }} – {{ projectcode }}", small=True)
    _pairs(document, (
        ("Type", "{{ type_uitleg }} {{ type_reden }}"),
        ("Plaats", "{{ plaats }} ({{ cluster }})"),
        ("Energiedrager", "{{ energiedrager }}"), ("Netbeheerder", "{{ netbeheerder }}"),
        ("Oplossing en omvang", "{{ oplossing }}, {{ omvang }}"),
        ("Nodig vanaf", "{{ nodig_vanaf }}; {{ scenarios }}{% if weerjaren %}; {{ weerjaren }}{% endif %}"),
        ("Zekerheid", "{{ zekerheid }}{% if zekerheid_reden %}: {{ zekerheid_reden }}{% endif %}"),
        ("Uiterlijk starten", "{{ starten }} (doorlooptijd {{ doorlooptijd }})"),
        ("Investering", "{{ kosten }} (prijspeil 2025)"), ("Ruimtebeslag", "{{ ruimte }}"),
        ("Plaats op de groslijst", "{{ rang }}{% if rang_stabiliteit %}. {{ rang_stabiliteit }}{% endif %}"),
    ))  # fmt: skip
    _agreements(document)
    _why(document)
    _solutions(document)
    _weighing(document)
    _surroundings(document)
    footer(document, "{{ reeks }}")
    return document


def _agreements(document: Any) -> None:
    document.add_heading("Afspraken en oordelen", 1)
    text(
        document,
        "De gele velden vult de werkgroep in. Ze blijven staan als de fiche opnieuw wordt gemaakt.",
        keep=True,
    )
    _only_if(document, "verschillen")
    text(document, "Deze velden zijn op twee plaatsen gewijzigd en vragen om een keuze:")
    document.add_paragraph("{%p for v in verschillen %}")
    text(document, "{{ v }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    _end(document)
    widths = (3.8, 4.2, FULL_CM - 8)
    made = table(document, ("Onderwerp", "Bekend uit de plannen", "In te vullen"), widths)
    plans = {"trekker": "{{ trekker_plan }}", "fase": "{{ fase_plan }}", "plancode": "{{ plancode_plan }}"}
    for name, entry in words()["hand"].items():
        row = add_row(made, (entry["label"], plans.get(name, ""), ""), widths, label=True)
        hint = row.cells[0].add_paragraph().add_run(entry["hint"])
        hint.font.size, hint.font.color.rgb = Pt(7.5), GREY
        control(row.cells[2], name, entry["label"])


def _why(document: Any) -> None:
    document.add_heading("Waarom is dit nodig?", 1)
    _only_if(document, "waarom")
    text(document, "{{ waarom }}")
    _end(document)
    _only_if(document, "behoefte_zin")
    text(document, "{{ behoefte_zin }} {{ behoefte_over }}")
    _end(document)
    pictures = table(document, (), (7.2, FULL_CM - 7.2))
    pictures.style = "Normal Table"
    add_row(pictures, ("{{ kaart }}", "{{ behoefte_figuur }}"), (7.2, FULL_CM - 7.2))
    _only_if(document, "behoefte")
    document.add_heading("Tekort op het huidige net", 2)
    text(
        document,
        "Per jaar het zwaarste weerjaar en netdeel: MW en uren per jaar.",
        keep=True,
    )
    _years(document)
    _end(document)
    _only_if(document, "bewijs")
    document.add_heading("Bewijs", 2)
    loop(document, "bewijs", "b", (
        ("Netdeel", "netdeel", 3.4), ("Richting", "richting", 1.9), ("Tekort", "tekort", 2.3),
        ("Grens", "grens", 1.6), ("Vanaf", "wanneer", 2.6), ("Storing", "storing", 2.4),
        ("Aandeel op de piek", "sectoren", 2.8),
    ))  # fmt: skip
    document.add_paragraph("{%p for b in bewijs %}")
    text(document, "{{ b.knelpunt }}: {{ b.rekenronde }}", small=True)
    document.add_paragraph("{%p endfor %}")
    _end(document)


def _years(document: Any) -> None:
    """Add a table with one column per year of the batch."""
    widths = (3.6, 1, 2.2, 1)
    made = table(document, ("Scenario", "{%tc for j in jaren %}", "{{ j }}", "{%tc endfor %}"), widths)
    cells = ("{{ s.scenario }}", "{%tc for c in s.cellen %}", "{{ c }}", "{%tc endfor %}")
    add_row(made, ("{%tr for s in behoefte %}", "", "", ""), widths)
    add_row(made, cells, widths, label=True)
    add_row(made, ("{%tr endfor %}", "", "", ""), widths)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), EVEN)
    made._tbl.tblPr.append(caption)  # noqa: SLF001 - python-docx has no call for captions of tables


def _solutions(document: Any) -> None:
    _only_if(document, "oplossingen")
    document.add_heading("Mogelijke oplossingen", 1)
    loop(document, "oplossingen", "o", (
        ("Oplossing", "naam", 3.4), ("Omvang", "omvang", 2.0), ("Investering", "kosten", 2.8),
        ("Per jaar", "jaarlijks", 2.2), ("Doorlooptijd", "doorlooptijd", 2.7), ("Ruimte", "ruimte", 2.0),
        ("Lost op", "lost_op", 1.9),
    ))  # fmt: skip
    text(document, "Investering en jaarlijkse kosten: prijspeil 2025, zonder belastingen en subsidies. "
         "Lost op: deel van het tekort dat verdwijnt.", small=True)  # fmt: skip
    _end(document)
    _only_if(document, "tussentijd")
    document.add_heading("Tot er gebouwd kan zijn", 2)
    text(
        document,
        "De behoefte komt eerder dan er gebouwd kan zijn. Deze maatregelen overbruggen die tijd:",
        keep=True,
    )
    document.add_paragraph("{%p for m in tussentijd %}")
    text(document, "{{ m }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    _end(document)


def _weighing(document: Any) -> None:
    _only_if(document, "scores")
    document.add_heading("Afweging", 1)
    text(document, "Maatschappelijke waarde {{ totaal_maatschappelijk }}, urgentie {{ totaal_urgentie }}, "
         "haalbaarheid {{ totaal_haalbaarheid }} (schaal 0 tot 100). Deel van de scores met gegevens: "
         "{{ bekend_deel }}. "
         "Wat onbekend is, telt niet mee.", keep=True)  # fmt: skip
    loop(document, "scores", "s", (
        ("Criterium", "criterium", 3.4), ("Indicator", "indicator", 6.2), ("Waarde", "waarde", 3.4),
        ("Score", "score", 1.6), ("Herkomst", "herkomst", 2.4),
    ))  # fmt: skip
    _end(document)


def _surroundings(document: Any) -> None:
    document.add_heading("Afstemming met de investeringsplannen", 1)
    _only_if(document, "afstemming")
    loop(document, "afstemming", "a", (
        ("Netbeheerder", "netbeheerder", 3.0), ("Stoplicht", "stoplicht", 2.2), ("Uitkomst", "uitkomst", 3.0),
        ("Jaar", "jaren", 2.8), ("Onderbouwing", "toelichting", 6.0),
    ))  # fmt: skip
    _end(document)
    _only_if(document, "not afstemming")
    text(document, "Voor dit project is geen regel in een investeringsplan gevonden.")
    _end(document)
    _only_if(document, "gebied")
    document.add_heading("Opgaven in het gebied", 1)
    loop(document, "gebied", "g", (
        ("Gemeente", "gemeente", 3.4), ("Opgave", "opgave", 7.6), ("Soort", "soort", 3),
        ("Stand", "stand", 3),
    ))  # fmt: skip
    _end(document)
    _only_if(document, "extra")
    document.add_heading("Effect, samenhang en voortgang", 1)
    loop(document, "extra", "e", (("Onderwerp", "onderwerp", 5), ("Uitkomst", "uitkomst", 12)))
    _end(document)
    _only_if(document, "gevraagd")
    document.add_heading("Wat nog onbekend is", 1)
    loop(document, "gevraagd", "v", (
        ("Gevraagd aan", "aan", 3), ("Wat", "wat", 6), ("Waarom", "waarom", 5.6),
        ("Uiterlijk", "uiterlijk", 2.4),
    ))  # fmt: skip
    _end(document)


def make_templates(folder: Path) -> None:
    """Write the templates into a folder."""
    fiche = make_fiche_template()
    fill(fiche.element, {})
    save(fiche, folder / FICHE)


if __name__ == "__main__":
    make_templates(Path(__file__).resolve().parents[4] / TEMPLATES)

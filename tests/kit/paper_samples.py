"""Papers to try every form on: one of two pages, one of twenty with every part, and as many random ones as wanted."""

from random import Random

from kit.paper.blocks import (
    Block,
    Bullets,
    Comparison,
    Figure,
    Item,
    Paragraph,
    Quotation,
    Section,
    Subsection,
    Table,
    Wording,
    Wordings,
)
from kit.paper.document import Letterhead, Paper, Stamp

WORDING = "Vi prioriterer samarbejdet på tværs og tager ansvar for at finde fælles løsninger."
LETTERHEAD = Letterhead(
    municipality="Hvidovre Kommune",
    sender=("Center for Børn og Familier", "Ann-Louise Stie Broberg"),
    address=("Hvidovrevej 278", "2650 Hvidovre"),
    facts=(("Sagsnr.", "22/9628"), ("Doknr.", "175905/22"), ("Dato", "22. november 2026")),
    edition="Intern udgave",
    signature=("Camilla Centerchef", "Centerchef"),
)


def drawing(number: int, *, title: str = "Trivsel", description: str = "Andelen steg fra 60 til 80.") -> str:
    """A drawing as components/chart.html makes them, with its name and its text inside."""
    return f"""<svg xmlns="http://www.w3.org/2000/svg" class="chart__drawing" viewBox="0 0 640 240" role="img"
      aria-labelledby="t{number}-navn" aria-describedby="t{number}-tekst" font-family="IBM Plex Sans, sans-serif"
      font-size="13" fill="none"><title id="t{number}-navn">{title}</title>
      <desc id="t{number}-tekst">{description}</desc>
      <g stroke="#dcdcdc"><line x1="40" y1="20" x2="620" y2="20"/></g><g fill="#454545"><text x="40" y="230">2022</text>
      </g><polyline stroke="#1f4e79" points="40,200 300,120 600,60"/></svg>"""


def figure(number: int) -> Figure:
    return Figure(
        svg=drawing(number),
        title="Trivsel",
        description="Andelen steg fra 60 til 80.",
        notes=("Kilde: trivselsmålingen.",),
        table=Table("Trivsel i procent", ("År", "Andel"), (("2022", "60"), ("2024", "80"))),
    )


def short_note() -> Paper:
    """A status note of two pages."""
    wordings = tuple(
        Wording(number, WORDING, ("Vedtaget 5. september 2022, punkt 4.",), "Beslutning mangler." * (number == 3))
        for number in (1, 2, 3)
    )
    status = tuple(
        Subsection(
            f"Pejlemærke {number}",
            (
                Paragraph("Vurdering: delvis fremdrift", "lead"),
                Paragraph("Det går fremad. Der er aftalt faste møder."),
                Paragraph("Midtvejs 2023.", "detail"),
            ),
        )
        for number in (1, 2)
    )
    plan = Table(
        "Trin i planen",
        ("Trin", "Hvornår", "Hvad er sket"),
        tuple((f"Dialogmøde {number}", "Foråret 2025", "Planlagt") for number in range(1, 8)),
    )
    return Paper(
        word="NOTAT",
        title="Status på pejlemærkerne for Børne- og Familieområdet",
        as_of="Status pr. 22. november 2026 for perioden 2022–2025",
        letterhead=LETTERHEAD,
        running_head="Hvidovre Kommune · Børne- og Familieområdet",
        stamp=Stamp(mark="UDKAST"),
        sections=(
            Section("introduction", "", (Paragraph("Et notat om tre pejlemærker."),)),
            Section("wordings", "Pejlemærker og ordlyd", (Wordings(wordings),)),
            Section("plan", "Opfølgningsplan", (plan,)),
            Section("status", "Status", status),
            Section("sources", "Kilder", (Bullets((Item("Notat 175905/22"), Item("Midtvejsevaluering"))),)),
        ),
    )


def long_note() -> Paper:
    """A note of about twenty pages, with every part there is."""
    text = "Lederne fortæller, at inddragelsen er blevet en vane – også når det er svært, og hverdagen presser. "
    words = (text * 3).split()

    def body(goal: int) -> tuple[Block, ...]:
        """Five paragraphs, no two of which have a line in common."""
        turns = [(goal * 5 + number) % len(words) for number in range(1, 6)]
        return tuple(Paragraph(" ".join([f"Emne {goal}-{turn}", *words[turn:], *words[:turn]])) for turn in turns)

    goals = tuple(
        Subsection(
            f"Pejlemærket om {words[number]} ({number})",
            (
                *body(number),
                Quotation(f"Vi spørger barnet først om {words[number]}.", f"Dagtilbuddet {words[-number]}"),
                Bullets(
                    (
                        Item(f"Møder om {words[number]}.", lead="Aftalt."),
                        Item(f"En guide om {words[number]}.", items=(Item(f"For {words[-number]}."),)),
                    ),
                    is_numbered=number % 2 == 0,
                ),
            ),
        )
        for number in range(1, 19)
    )
    rows = tuple((f"Trin {number}", "Foråret 2025", "Centeret", "Planlagt") for number in range(1, 61))
    before = (("same", "Vi prioriterer"), ("removed", "sammenhæng"), ("added", "samarbejdet"), ("same", "på tværs."))
    short = short_note()
    return Paper(
        word="NOTAT",
        title="Årsstatus 2026 for Børne- og Uddannelsesudvalget",
        as_of=short.as_of,
        letterhead=short.letterhead,
        running_head=short.running_head,
        stamp=Stamp(number="Notat 2026-14", colophon=("Udstedt 22. november 2026 af Signe Sekretær.",)),
        sections=(
            *short.sections,
            Section("plan", "Hele planen", (Table("Alle trin", ("Trin", "Hvornår", "Hvem", "Stand"), rows),)),
            Section("status", "Status i enkeltheder", goals),
            Section("figures", "Mål og nøgletal", tuple(figure(number) for number in range(1, 4))),
            Section("appendix", "Bilag: tidligere ordlyde", (Comparison("Pejlemærke 1", before),)),
        ),
    )


# --- Random papers ----------------------------------------------------------------------------------------------------

_WORDS = ["barnet", "Æbleø", "og", "inddragelse", "på tværs", "–", "»tillid«", "50 %", "2022–2025", "ledernes", "§ 23"]
_HOSTILE = [
    *[
        "",
        " ",
        "😀",
        "👩‍👩‍👧 familien",
        "שלום",
        "مرحبا بالعالم",
        "漢字",
        "\u202egnitrever\u202c",
        "a\u0301\u0323",
        "\x00\x1b",
    ],
    *["<b>&amp;", "\ue000", "\ud800", "\ufffe", "Å" * 300, "ord\u00adeling" * 40, "https://" + "x" * 400, "\u2028"],
    *[
        "\tto\n\nlinjer\r\nher",
        "{{ 1 }}{% x %}",
        "]]>",
        "\u0338",
        "ﬁ ½ ≥ → ✓ ✔ ● \u2011 \u202f",
        "ı İ ş ğ ő ű č ž ł ƒ Ω Ж",
    ],
    *["\u200f\u200e\u200b", "\u0301løs"],
]


def random_paper(seed: int) -> Paper:
    """A paper that nobody would write: any part in any order, empty and overfull, with hostile signs here and there."""
    chance = Random(seed)
    title = _text(chance, 1, 12)
    return Paper(
        word=chance.choice(["NOTAT", "", "ÅRSSTATUS"]),
        title=title if _is_told(title) else "Uden titel",
        as_of=chance.choice(["", "Status pr. 22. november 2026"]),
        letterhead=chance.choice([LETTERHEAD, Letterhead(municipality=_text(chance, 1, 4))]),
        running_head=_text(chance, 0, 30),
        stamp=chance.choice([Stamp(), Stamp(mark="UDKAST"), Stamp("", "Notat 2026-1", (_text(chance, 1, 30), ""))]),
        sections=tuple(_section(chance, 1 + number * 100) for number in range(chance.choice([0, 1, 3, 6]))),
    )


def _section(chance: Random, number: int) -> Section:
    blocks = tuple(_block(chance, number + below) for below in range(chance.randint(0, 4)))
    return Section("x", _heading(chance), blocks)


def _block(chance: Random, number: int, *, depth: int = 0) -> Block:
    kind = chance.randrange(8 if depth == 0 else 7)
    if kind == 0:
        return Paragraph(_text(chance, 0, 200), chance.choice(["body", "lead", "detail", "missing"]))
    if kind == 1:
        many = chance.choice([0, 1, 4, 30])
        return Wordings(tuple(_wording(chance, place) for place in range(1, many + 1)))
    if kind == 2:
        return Quotation(_text(chance, 0, 60), _text(chance, 0, 5))
    if kind == 3:
        items = tuple(_item(chance, 0) for _ in range(chance.choice([0, 1, 5, 20])))
        return Bullets(items, is_numbered=chance.random() < 0.5)
    if kind == 4:
        return _table(chance)
    if kind == 5:
        table = _table(chance) if chance.random() < 0.5 else None
        drawn = drawing(number, title="Øl &amp; åer", description="Steg.")
        return Figure(drawn, "Øl & åer", "Steg.", (_text(chance, 0, 9),), table)
    if kind == 6:
        parts = tuple((chance.choice(["same", "removed", "added"]), _text(chance, 0, 20)) for _ in range(7))
        return Comparison(_text(chance, 0, 4), parts)
    below = tuple(_block(chance, 10_000 + number * 10 + place, depth=1) for place in range(chance.randint(0, 3)))
    return Subsection(_heading(chance), below)


def _heading(chance: Random) -> str:
    """What the house calls a part is the house's own words: never empty, but perhaps long."""
    return " ".join(chance.choices(_WORDS[:4], k=chance.choice([1, 3, 40])))


def _wording(chance: Random, place: int) -> Wording:
    details = tuple(_text(chance, 0, 9) for _ in range(chance.randint(0, 2)))
    return Wording(chance.choice([None, place, 9_999]), _text(chance, 0, 80), details, _text(chance, 0, 3))


def _item(chance: Random, depth: int) -> Item:
    below = tuple(_item(chance, depth + 1) for _ in range(chance.choice([0, 0, 0, 2]) if depth < 4 else 0))
    return Item(_text(chance, 0, 20), _text(chance, 0, 3), below)


def _table(chance: Random) -> Table:
    width = chance.choice([1, 2, 3, 5, 8])
    rows = chance.choice([0, 1, 5, 200 if chance.random() < 0.2 else 20])
    head = tuple(f"Felt {place}" for place in range(1, width + 1))
    return Table(_text(chance, 0, 6), head, tuple(tuple(_text(chance, 0, 6) for _ in head) for _ in range(rows)))


def _text(chance: Random, fewest: int, most: int) -> str:
    words = chance.choices(_WORDS, k=chance.randint(fewest, most))
    if chance.random() < 0.3:
        words.insert(chance.randint(0, len(words)), chance.choice(_HOSTILE))
    return " ".join(words)


def _is_told(text: str) -> bool:
    return any(sign.isalnum() and sign.isprintable() for sign in text)

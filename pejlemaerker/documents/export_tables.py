"""Udtrækkets tabeller: the one place that names every table and field of the export, in the order they come.

Keys are English snake_case and never change meaning; a field may be added at the end of its table. The same list is
the documentation page, the JSON document's keys and the columns of the CSV files.
"""

from typing import NamedTuple


class Field(NamedTuple):
    """Et felt: its key, and what it means in plain Danish."""

    key: str
    means: str


class Table(NamedTuple):
    """En tabel: its key, what a row is, and its fields."""

    key: str
    row_is: str
    fields: tuple[Field, ...]


def _table(key: str, row_is: str, **fields: str) -> Table:
    return Table(key, row_is, tuple(Field(name, means) for name, means in fields.items()))


_GOAL = "Pejlemærkets id (goals)"
_SET = "Sættets id (sets)"

TABLES = (
    _table(
        "municipalities", "En kommune",
        id="Kommunens navn i adresser", name="Navn", code="Kommunekode, når den er skrevet ind",
    ),
    _table(
        "committees", "Et udvalg, som har eller deler et sæt",
        id="Udvalgets navn i adresser", municipality_id="Kommunens id (municipalities)", name="Navn",
        valid_from="Virker fra", valid_to="Virkede til", url="Udvalgets side",
    ),
    _table(
        "periods", "En pejlemærkeperiode",
        id="Periodens id", committee_id="Udvalgets id (committees)", starts_on="Fra", ends_on="Til",
    ),
    _table(
        "sets", "Et sæt pejlemærker: ét område i én periode",
        id="Sættets id", committee_id="Udvalget, sættet hører til", period_id="Periodens id (periods)", area="Område",
        shared_with="Andre udvalg, der deler sættet: deres id, med mellemrum imellem",
        leader_group="Lederkredsen, der arbejder efter det", kept_since="Ført her siden",
        closed_on="Afsluttet den", handed_over_to="Sættet, der tog over (sets)", is_demo="Opdigtet til en demo",
        url="Sættets side",
    ),
    _table(
        "goals", "Et pejlemærke, som det står på dagen",
        id="Pejlemærkets id; det følger pejlemærket, også når nummeret skifter", set_id=_SET,
        number="Nummer i sættet; tomt, når det står uden for nummereringen",
        state="in_force: ordlyden gælder · coming: besluttet for en senere dag · stayed: beslutningen er standset · "
        "undecided: beslutning mangler · ended: afsluttet, videreført eller udgået",
        wording="Ordlyden; tom, når den ikke kendes", wording_number="Ordlydens nummer (wordings)",
        in_force_since="Gældende siden", ground="Hvem der besluttede det og hvornår, som siden fortæller det",
        responsible="Ansvarlig enhed; kun for dagen i dag og for dem, der arbejder med sættet",
        refers_to="Henviser til (for eksempel en strategi)", url="Pejlemærkets side: altid dagens ordlyd",
    ),
    _table(
        "placements", "En placering: hvor et pejlemærke står fra en dag",
        goal_id=_GOAL, set_id=_SET, number="Nummer", placed_from="Fra; tomt for den første", reason="Begrundelse",
    ),
    _table(
        "wordings", "En ordlyd",
        goal_id=_GOAL, number="Ordlydens nummer", text="Ordlyden, ordret; tom, når den ikke kendes",
        change_kind="new · addition · change · linguistic · merged · split · moved · continued", reason="Begrundelse",
        worded_on="Formuleret den", answers_request_id="Ønsket, den svarer på (requests)",
        url="Ordlydens faste adresse",
    ),
    _table(
        "derivations", "En afstamning: en ordlyd, der overtager fra et andet pejlemærke",
        goal_id=_GOAL, wording_number="Ordlydens nummer (wordings)", source_goal_id="Det andet pejlemærke (goals)",
        kind="merged · split · continued", ends_source="Om det andet ender, når ordlyden træder i kraft",
    ),
    _table(
        "adoptions", "En ikrafttræden: en ordlyd gælder fra en dag på grund af en beslutning",
        goal_id=_GOAL, wording_number="Ordlydens nummer (wordings)", in_force_from="Gælder fra",
        decided_on="Besluttet den; tomt ved bemyndigelse", decided_by="Besluttet af, med datidens navn",
        delegation="Bemyndigelsen, når ingen beslutning blev truffet",
        holds="Om den har virkning: ikke, når beslutningen er rettet til noget andet, standset eller ophævet",
        is_stayed="Om beslutningen er standset og ikke afgjort", stay_verdict="confirmed · changed · annulled",
        decision_url="Beslutningens side, når man må se den", is_demo="Opdigtet til en demo",
    ),
    _table(
        "annulments", "En ophævelse: en ikrafttræden har ingen virkning fra en dag",
        goal_id=_GOAL, wording_number="Ordlydens nummer (wordings)", annulled_from="Ophævet fra", reason="Begrundelse",
    ),
    _table(
        "requests", "Et ønske om en tilføjelse",
        id="Ønskets id", set_id=_SET, goal_id=f"{_GOAL}; tomt, når det gælder hele sættet", about="wording · plan",
        requested_on="Ønsket den", requested_by="Af hvem; tomt: udvalget",
        text="Ønsket, ordret, når man må se det punkt, det blev ytret på", state="open · answered",
        answers="Hvad der blev af det, i ord",
    ),
    _table(
        "evaluations", "En evaluering af et sæt",
        id="Evalueringens id", set_id=_SET, kind="midterm · final · extra", held_on="Holdt den",
        is_demo="Opdigtet til en demo", url="Evalueringens side",
    ),
    _table(
        "statuses", "En status for et pejlemærke; den seneste af hver evaluering gælder",
        goal_id=_GOAL, evaluation_id="Evalueringens id (evaluations)", wording_number="Den ordlyd, den handlede om",
        text="Status i ord",
        assessment="good_progress · under_way · needs_attention; tomt: ikke vurderet. Sat af mennesker",
        handed_in_on="Afgivet den",
    ),
    _table(
        "plan_steps", "Et trin i den opfølgningsplan, der gælder på dagen",
        set_id=_SET, plan_number="Planens version", step_id="Trinnet; det samme i alle versioner af planen",
        position="Rækkefølge", kind="Trinnets art", title="Navn", when_text="Hvornår, med planens egne ord",
        earliest="Tidligst", latest="Senest", precision="Hvor nøjagtig tiden er", is_recurring="Vender tilbage",
        state="done · current · next · future · missed · recurring", happened_on="Holdt eller aflyst den",
        is_cancelled="Aflyst", outcome="Hvad der kom ud af det; kun for dem, der arbejder med sættet",
        responsible="Hvem sørger for det; kun for dem, der arbejder med sættet",
    ),
    _table(
        "targets", "Et mål, som et pejlemærke er omsat til",
        goal_id=_GOAL, text="Målet, ordret", set_on="Fra", is_approved="Om udvalget har godkendt det",
        approved_on="Godkendt den",
    ),
    _table(
        "indicators", "Et nøgletal",
        id="Nøgletallets id", goal_id=_GOAL, name="Navn", unit="Enhed", source="Kilde",
        frequency="monthly · quarterly · half_yearly · yearly · biennial · once", direction="up · down · neither",
        target_value="Målværdi", target_by="Målet nås senest", counts_people="Om det tæller personer",
        is_retired="Følges ikke længere", is_stale="Om der efter dets egen hyppighed burde være en nyere måling",
    ),
    _table(
        "measurements", "En måling",
        indicator_id="Nøgletallets id (indicators)", measured_on="Målt den", value="Værdi; tom, når den er skjult",
        is_suppressed="Om værdien er skjult, fordi den er under fem personer", source="Kilde", note="Bemærkning",
    ),
    _table(
        "endings", "En afslutning af et pejlemærke, som den gælder på dagen",
        goal_id=_GOAL, kind="completed · continued · merged · split · dropped", ended_on="Fra", reason="Begrundelse",
    ),
    _table(
        "learnings", "En læring; kun for dem, der arbejder med sættet",
        set_id=_SET, goal_id=f"{_GOAL}; tomt, når det gælder hele sættet", learned_on="Den", text="Hvad vi har lært",
        carry_on="Hvad der skal føres videre", addressed_to="Til hvem",
    ),
)  # fmt: skip

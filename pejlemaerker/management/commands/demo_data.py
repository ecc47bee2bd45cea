"""manage.py demo_data: believable demo data, made once and then left alone."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from meetings.models import AGENDA, MINUTES, Meeting, Municipality, OrgUnit
from meetings.storing import committee_named, open_original
from pejlemaerker.demo import figures, first_period, meetings, next_period, notes
from pejlemaerker.demo.people import make_council, make_people
from pejlemaerker.demo.stage import Stage
from pejlemaerker.models import GoalSet
from pejlemaerker.storing import import_document

DOCUMENTS = Path(__file__).resolve().parents[2] / "demo" / "documents"


class Command(BaseCommand):
    """Both seed documents through the importer, and an invented story around them; run again, it changes nothing."""

    help = "Laver demodata: de to rigtige dokumenter og en opdigtet fortsættelse. Kan køres igen uden at ændre noget."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make everything in one transaction, or nothing."""
        if not settings.DEMO:
            raise CommandError("Demodata laves kun med DEMO=1: de har kendte adgangskoder.")
        with transaction.atomic():
            hvidovre, is_new = Municipality.objects.get_or_create(
                slug="hvidovre", defaults={"name": "Hvidovre Kommune", "code": "167"}
            )
            if is_new:
                _play(hvidovre)
        self.stdout.write("Demodata er lavet." if is_new else "Demodata er der allerede. Intet er ændret.")


def _play(hvidovre: Municipality) -> None:
    herning = Municipality.objects.create(slug="herning", name="Herning Kommune", code="657", council_name="Byrådet")
    OrgUnit.objects.create(municipality=hvidovre, name="Center for Børn og Familier", kind=OrgUnit.Kind.CENTRE)
    committee = committee_named("Børne- og Uddannelsesudvalget", hvidovre)
    other = committee_named("Kultur- og Fritidsudvalget", hvidovre)
    for one, abbreviation in ((committee, "BUU"), (other, "KFU")):
        one.abbreviation = abbreviation
        one.save()
    people = make_people(committee, other, [hvidovre, herning])
    stage = Stage(people["sekretaer"])
    finance, council = make_council(committee, other)
    _import("herning_referat_2021-02-10.txt", herning, stage)
    for meeting in Meeting.objects.filter(committee__municipality=herning):
        stage.publish(meeting, AGENDA, MINUTES)
    _import("hvidovre_notat_2022-09-08.txt", hvidovre, stage)
    childcare, family = GoalSet.objects.filter(period__committee=committee).order_by("area__position")
    first_period.play(stage, committee, childcare, family)
    figures.play(stage, childcare, family)
    next_period.play(stage, committee, childcare.area, childcare.leader_group)
    meetings.play(stage, meetings.Bodies(committee, other, finance, council))
    notes.play(hvidovre, childcare, family, people["konsulent"])


def _import(name: str, municipality: Municipality, stage: Stage) -> None:
    """Herning has published its minutes itself, so the item is an open one although the text does not say so."""
    original = open_original(name, (DOCUMENTS / name).read_bytes())
    import_document(original, municipality=municipality, by=stage.by, unstated_items_are_open=True)

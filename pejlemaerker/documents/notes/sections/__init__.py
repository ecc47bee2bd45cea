"""The sections of a note, one file a concept: each makes blocks of the material, or none."""

from collections.abc import Callable

from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections import (
    appendix,
    changes,
    compared,
    decisions,
    dialogues,
    figures,
    learning,
    meetings,
    plan,
    promises,
    quotations,
    sets,
    sources,
    status,
    wordings,
    words,
)

type Build = Callable[[Material], Blocks]

BUILDERS: dict[SectionKey, Build] = {
    SectionKey.INTRODUCTION: words.introduction,
    SectionKey.WORDINGS: wordings.wordings,
    SectionKey.CHANGES: changes.changes,
    SectionKey.DECISIONS: decisions.decisions,
    SectionKey.PLAN: plan.plan,
    SectionKey.STATUS: status.status,
    SectionKey.QUOTATIONS: quotations.quotations,
    SectionKey.FIGURES: figures.figures,
    SectionKey.DIALOGUES: dialogues.dialogues,
    SectionKey.PROMISES: promises.promises,
    SectionKey.LEARNING: learning.learning,
    SectionKey.NEXT: plan.next_steps,
    SectionKey.SOURCES: sources.sources,
    SectionKey.CONCLUSION: words.conclusion,
    SectionKey.APPENDIX: appendix.appendix,
    SectionKey.MEETINGS: meetings.meetings,
    SectionKey.SETS: sets.sets,
    SectionKey.COMPARED: compared.compared,
}

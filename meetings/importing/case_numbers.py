"""Case and document numbers (sagsnr., doknr.): the label decides which is which, the number is kept as printed."""

import re

from meetings.importing.found import Confidence

_KNOWN_FORMS = re.compile(
    r"\d{2}\.\d{2}\.\d{2}-[A-ZÆØÅ]\d{2}-\d{1,6}-\d{2}"  # KLE: 00.01.10-G01-1-21
    r"|\d{2}\.\d{2}\.\d{2}[A-ZÆØÅ]\d{2}-\d{4}"  # KLE without year: 00.01.00P35-0104
    r"|\d{3}-(?:19|20)\d{2}-\d{1,6}"  # municipality code and year: 306-2018-14102
    r"|(?:19|20)\d{2}\s?-\s?\d{4,6}"  # 2020-016062
    r"|\d{2}-\d{6}"
    r"|\d{2}/\d{1,6}"  # 22/9628
    r"|\d{4,6}/\d{2}"  # 175905/22, a document number
    r"|\d-\d{2}-\d{2}-\d{1,4}-\d{2}"  # a region's
)
_SOME_NUMBER = re.compile(r"[A-ZÆØÅa-zæøå]{0,6}[-./]?\d[\w./-]{0,40}")


def labelled_number(value: str) -> tuple[str, Confidence] | None:
    """The number a label's value begins with; a form never seen before is only likely."""
    if (match := _KNOWN_FORMS.match(value)) and not value[match.end() : match.end() + 1].strip(" ,;)"):
        return match[0], "sure"
    if match := _SOME_NUMBER.match(value):
        return match[0].rstrip("./-"), "likely"
    return None


def is_known_form(value: str) -> bool:
    """Whether a whole text is a case number of a form the Danish systems use."""
    return bool(_KNOWN_FORMS.fullmatch(value))

"""Typografierne: the empty Word document that every paper is set in, with our own styles and lists and nothing else."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.shared import Mm

from kit.paper.colour import accent

TEXT_WIDTH = Mm(160)
_HERE = Path(__file__).parent
# What the library's own template brings along and a paper has no use for.
_UNUSED = ("thumbnail", "customXml", "stylesWithEffects", "fontTable", "webSettings", "theme", "extended-properties")
# As of Word 2013: else Word opens the paper as "kompatibilitetstilstand", where accessibility is not checked.
_SETTINGS = """<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:zoom w:percent="100"/><w:defaultTabStop w:val="851"/><w:characterSpacingControl w:val="doNotCompress"/>
<w:compat>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>
<w:themeFontLang w:val="da-DK"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>"""


def empty_paper(colour: str) -> WordDocument:
    """Return a new, empty Word document in the house's colour."""
    return Document(BytesIO(_template(accent(colour).removeprefix("#").upper())))


@lru_cache(maxsize=16)
def _template(colour: str) -> bytes:
    document = Document()
    part = document.part
    for one in (part, part.package):
        for name, relation in list(one.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _UNUSED:
                del one.rels[name]
    styles = (_HERE / "styles.xml").read_bytes().replace(b"ACCENT", colour.encode())
    part._styles_part._element = parse_xml(styles)
    part._settings_part._element = parse_xml(_SETTINGS)
    part.numbering_part._element = parse_xml((_HERE / "numbering.xml").read_bytes().replace(b"ACCENT", colour.encode()))
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin, page.bottom_margin = Mm(26), Mm(24)
    page.header_distance = page.footer_distance = Mm(12)
    page.different_first_page_header_footer = True
    target = BytesIO()
    document.save(target)
    return target.getvalue()

"""The finisher: what WeasyPrint leaves out, so that its PDF/A-3a is PDF/UA-1 as well."""

import re
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf

from kit.paper.joining import join_pages

# PDF/A wants every foreign property described in an extension schema, and all of it in one RDF block.
_PDFUA_XMP = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""

_MARKED = re.compile(rb"/\w+\s+<<\s*/MCID (\d+)\s*>>\s+BDC\b")
_RUNNING_HEAD = b"/Artifact <</Type /Pagination>> BDC"


def finish(plain: bytes, continued: Sequence[Sequence[str]] = ()) -> bytes:
    """Turn WeasyPrint's PDF/A-3a into a file that is PDF/UA-1 as well; `continued` are the tags, outermost first, that
    go on from each page to the next.
    """
    target = BytesIO()
    with pikepdf.open(BytesIO(plain)) as pdf:
        _claim_pdfua(pdf)
        _give_list_items_bodies(pdf)
        join_pages(pdf, continued)
        tagged = _mend_tags(pdf)
        _let_images_be(pdf)
        for number, page in enumerate(pdf.pages):
            _make_running_heads_artefacts(pdf, number, page, tagged[page.obj.objgen])
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _claim_pdfua(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(xmp.replace(b"</rdf:RDF>", _PDFUA_XMP, 1))


def _mend_tags(pdf: pikepdf.Pdf) -> defaultdict[tuple[int, int], set[int]]:
    """Mend the tag tree, and return the marked content it reaches, page by page."""
    reached: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    waiting: list[tuple[Any, bool]] = [(tag, False) for tag in pdf.Root.StructTreeRoot.K]
    while waiting:
        tag, in_head = waiting.pop()
        if tag.S == "/TH":
            tag.A.Scope = pikepdf.Name.Column if in_head else pikepdf.Name.Row
        for kid in tag.K:
            if isinstance(kid, int):
                reached[tag.Pg.objgen].add(kid)
            elif "/S" in kid:  # else the annotation of a link
                waiting.append((kid, in_head or tag.S == "/THead"))
    return reached


def _let_images_be(pdf: pikepdf.Pdf) -> None:
    """Take back that images be smoothed: PDF/A forbids it."""
    for part in pdf.objects:
        if isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Image" and "/Interpolate" in part:
            del part.Interpolate


def _give_list_items_bodies(pdf: pikepdf.Pdf) -> None:
    """Put a list item's paragraphs into an LBody: WeasyPrint does so for bare text only."""
    waiting: list[Any] = list(pdf.Root.StructTreeRoot.K)
    while waiting:
        tag = waiting.pop()
        if tag.S == "/LI":
            _give_list_item_a_body(pdf, tag)
        waiting += [kid for kid in tag.K if not isinstance(kid, int) and "/S" in kid]


def _give_list_item_a_body(pdf: pikepdf.Pdf, item: pikepdf.Object) -> None:
    loose = [kid for kid in item.K if kid.S not in ("/Lbl", "/LBody")]
    if not loose:
        return
    parts = {"/Type": pikepdf.Name.StructElem, "/S": pikepdf.Name.LBody, "/P": item, "/Pg": item.Pg, "/K": loose}
    body = pdf.make_indirect(pikepdf.Dictionary(parts))
    item.K = [kid for kid in item.K if kid.S in ("/Lbl", "/LBody")] + [body]
    for kid in loose:
        kid.P = body


def _make_running_heads_artefacts(pdf: pikepdf.Pdf, number: int, page: pikepdf.Page, tagged: set[int]) -> None:
    """Mark what no tag reaches, the text in the page's margins, so that nobody hears "side 2 af 4" in mid-sentence."""

    def mark(marked: re.Match[bytes]) -> bytes:
        return marked[0] if int(marked[1]) in tagged else _RUNNING_HEAD

    page.Contents.write(_MARKED.sub(mark, page.Contents.read_bytes()))
    # Pairs of a page number and the tags of its marked content, the pages first.
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1]
    for mcid in set(range(len(parents))) - tagged:
        parents[mcid] = None

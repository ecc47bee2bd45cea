"""A logo handed in: what is a picture comes through bare, and what is more than that is refused with the reason."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from pejlemaerker.logos import LARGEST, LogoRefused, checked_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 80">{}</svg>'
SHAPE = '<path d="M0 0h9v9z"/>'


@pytest.fixture(autouse=True)
def _engine_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine of papers does to all pictures when it is imported."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


def drawing(inner: str) -> bytes:
    return SVG.format(inner).encode()


def picture(form: str, *, size: tuple[int, int] = (200, 80), mode: str = "RGB", **extra: object) -> bytes:
    target = BytesIO()
    Image.new(mode, size, 120).save(target, form, **extra)
    return target.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(LogoRefused) as refused:
        checked_logo(content)
    return str(refused.value)


def test_png_is_kept_without_what_it_carried() -> None:
    exif = Image.Exif()
    exif[0x010E] = "hemmelig note"
    logo = checked_logo(picture("PNG", exif=exif))
    kept = Image.open(BytesIO(logo.content))
    assert (logo.kind, kept.format, kept.size, dict(kept.getexif())) == ("png", "PNG", (200, 80), {})
    assert b"hemmelig" not in logo.content


def test_jpg_is_turned_as_its_camera_says_and_forgets_the_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    logo = checked_logo(picture("JPEG", exif=exif))
    kept = Image.open(BytesIO(logo.content))
    assert (logo.kind, kept.size, dict(kept.getexif())) == ("jpg", (80, 200), {})


def test_large_picture_is_made_as_small_as_paper_needs() -> None:
    kept = Image.open(BytesIO(checked_logo(picture("PNG", size=(4000, 2000))).content))
    assert kept.size == (1200, 600)


def test_see_through_picture_stays_see_through_and_print_colours_become_ours() -> None:
    clear = checked_logo(picture("PNG", mode="RGBA"))
    print_colours = checked_logo(picture("JPEG", mode="CMYK"))
    assert [Image.open(BytesIO(one.content)).mode for one in (clear, print_colours)] == ["RGBA", "RGB"]


def bomb(width: int, height: int) -> bytes:
    """A picture of few bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "hverken PNG, JPG eller SVG"),
        (b"GIF89a" + b"\0" * 50, "hverken PNG, JPG eller SVG"),
        (b"%PDF-1.7 <html>", "hverken PNG, JPG eller SVG"),
        (b"\x89PNG\r\n\x1a\n", "i stykker"),
        (picture("PNG")[:120], "i stykker"),
        (picture("JPEG")[:-200], "i stykker"),
        (bomb(200, 200), "i stykker"),
        (bomb(60_000, 60_000), "for mange punkter"),
        (bomb(6_000, 6_000), "for mange punkter"),
        (picture("PNG", size=(3, 3)), "kun 3 × 3 punkter"),
        (b"\x89PNG" + b"\0" * LARGEST, "fylder 300 kB; et logo må fylde 300 kB"),
    ],
    ids=["empty", "gif", "pdf", "head", "cut png", "cut jpg", "no rows", "bomb", "small bomb", "dot", "heavy"],
)
def test_what_is_no_picture_is_refused(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


@pytest.mark.asvs("V1.3.4")
def test_drawing_is_written_anew_with_nothing_but_shapes() -> None:
    handed_in = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><!-- Lavet af Svend -->'
        + SVG.format(
            "<title>Logo</title><metadata><rdf xmlns='urn:x'>Svend</rdf></metadata>"
            "<style>.a{fill:#8a1538}.b{fill:url(#g)}</style><defs><linearGradient id='g'><stop offset='0'/>"
            "</linearGradient></defs><g class='a' data-name='Lag 1'><rect width='9' height='9'/></g>"
            "<use xlink:href='#g'/>"
        )
    )
    logo = checked_logo(handed_in.encode())
    assert logo.kind == "svg"
    assert logo.content.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80"><style>.a{fill:#8a1538}.b{fill:url(#g)}</style>'
        '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
        '<g class="a"><rect width="9" height="9"/></g><use href="#g"/></svg>'
    )


@pytest.mark.asvs("V1.3.4")
@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<script>alert(1)</script>", "et script"),
        ('<path d="M0 0" onload="alert(1)"/>', "et script"),
        ("<metadata><script/></metadata>", "et script"),
        ('<g xmlns="urn:other" onclick="x()"/>', "et script"),
        ("<foreignObject><p/></foreignObject>", "et andet dokument"),
        ('<image href="http://example.org/x.png"/>', "et indlejret billede"),
        ('<image href="data:image/png;base64,AAAA"/>', "et indlejret billede"),
        ('<a href="http://example.org"/>', "et link"),
        ("<text>Hvidovre</text>", "tekst. Få den lavet om til former"),
        ('<set attributeName="x"/>', "en animation"),
        ("<filter id='f'/>", "»filter«, som papiret ikke kan vise"),
        ('<use href="http://example.org/a.svg#b"/>', "henter noget udefra"),
        ('<use xlink:href="file:///etc/passwd#b"/>', "henter noget udefra"),
        ('<use href="data:image/svg+xml,x#b"/>', "henter noget udefra"),
        ('<path fill="url(http://example.org/#a)"/>', "henter noget udefra"),
        ("<path style=\"fill: URL ( 'http://example.org' )\"/>", "henter noget udefra"),
        ("<path style=\"fill:u/**/rl(http://example.org)\"/>", "henter noget udefra"),
        ("<path style=\"fill:image-set('x' 1x)\"/>", "henter noget udefra"),
        ("<style>@import 'http://example.org/x.css';</style>", "en typografi"),
        (r"<style>.a{fill:\75rl(http://example.org)}</style>", "en typografi"),
        ("<style>.a{fill:url(data:image/png;base64,AA)}</style>", "henter noget udefra"),
        ('<path d="M0 0h1e99"/>', "tal, der ikke kan tegnes"),
        ('<rect width="inf" height="9"/>', "tal, der ikke kan tegnes"),
        ("<g>" * 60 + SHAPE + "</g>" * 60, "for indviklet"),
        (SHAPE * 6000, "for indviklet"),
        ('<g id="a"><use href="#a"/></g>' + SHAPE, "i ring"),
        ('<style>.x{clip-path:url(#c)}</style><clipPath id="c"><path class="x" d="M0 0"/></clipPath>', "i ring"),
        ("<g/>", "ikke noget i tegningen"),
        ("<path", "i stykker"),
    ],
)  # fmt: skip
def test_drawing_with_more_than_shapes_is_refused(inner: str, reason: str) -> None:
    told = refusal(drawing(inner))
    assert reason in told
    assert told.endswith(".")


def test_style_that_never_ends_is_read_in_time() -> None:
    begun = perf_counter()
    for text in ("a" * 250_000, "url" + " " * 250_000, "/*" * 125_000, "a{" * 125_000, "url(" * 60_000):
        with suppress(LogoRefused):
            checked_logo(drawing(f"<style>{text}</style>{SHAPE}"))
    assert perf_counter() - begun < 10  # a quarter of an hour, when each sign begins a search to the end


@pytest.mark.asvs("V1.5.1")
def test_drawing_that_multiplies_is_refused_in_time() -> None:
    levels = "".join(
        f'<g id="n{level}">{f"<use href=%s#n{level - 1}%s/>" % (chr(34), chr(34)) * 10 if level else SHAPE}</g>'
        for level in range(12)
    )
    assert "for indviklet" in refusal(drawing(levels))


@pytest.mark.asvs("V1.5.1")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
         "egne tegn"),
        ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
         "egne tegn"),
        (f'<?xml-stylesheet href="http://example.org/x.css"?>{SVG.format(SHAPE)}', "henter noget udefra"),
        ('<html><svg xmlns="http://www.w3.org/2000/svg"/></html>', "ikke en SVG-tegning"),
        (f"<svg>{SHAPE}</svg>", "ikke en SVG-tegning"),
        (f'<svg xmlns="http://www.w3.org/2000/svg">{SHAPE}</svg>', "hvor stor den er"),
        (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0">{SHAPE}</svg>', "hvor stor den er"),
        (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 1">{SHAPE}</svg>', "alt for smal"),
    ],
)  # fmt: skip
def test_document_that_is_no_plain_drawing_is_refused(content: str, reason: str) -> None:
    assert reason in refusal(content.encode())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(
    st.binary(max_size=200).map(lambda tail: b"\x89PNG\r\n\x1a\n" + tail),
    st.binary(max_size=200).map(lambda tail: b"\xff\xd8\xff" + tail),
    st.text(max_size=200).map(lambda inner: drawing(inner)),
    st.tuples(st.integers(0, 300), st.binary(max_size=5)).map(
        lambda cut: picture("PNG")[: cut[0]] + cut[1] + picture("PNG")[cut[0] :]
    ),
))  # fmt: skip
def test_any_bytes_are_a_logo_or_a_refusal(content: bytes) -> None:
    try:
        told = checked_logo(content).kind
    except LogoRefused as refused:
        told = str(refused)[-1]
    assert told in {"png", "jpg", "svg", "."}

"""Hvad en webside siger: only where every browser shows the words that stand in it."""

from html.parser import HTMLParser

from kit.paper.reading import MOST_ABOUT, NO_KIND, Reading, Unreadable, words_of

_UNREAD = frozenset({"style"})
# What can put other words in the place of those that are read, or that browsers read in another way; a note has none.
_REFUSED = frozenset({
    "applet", "base", "embed", "frame", "frameset", "iframe", "link", "listing", "math", "noembed", "noframes",
    "noscript", "object", "plaintext", "portal", "script", "select", "slot", "template", "textarea", "xmp",
})  # fmt: skip
_ADDRESSES = frozenset({"action", "formaction", "href", "src", "xlink:href"})
_HARMLESS = ("http:", "https:", "mailto:", "tel:", "data:image/", "#")
_REACHES_OUT = "Siden indeholder noget, der kan vise andre ord end dem, der står i den."
_INLINE = frozenset({"a", "abbr", "b", "del", "em", "i", "ins", "mark", "small", "span", "strong", "sup", "tspan"})


def read_page(content: bytes) -> Reading:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable(NO_KIND) from problem
    if "<html" not in text[:4096].lower():
        raise Unreadable(NO_KIND)
    page = _PageText()
    page.feed(text)
    page.close()
    return Reading("html", words_of(["".join(page.texts)]), " ".join(page.about)[:MOST_ABOUT])


class _PageText(HTMLParser):
    """Gathers the text of a web page, and what its head says of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts, self.about = list[str](), list[str]()
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _REFUSED or any(_acts(*one) for one in given.items()):
            raise Unreadable(_REACHES_OUT)
        if tag in _UNREAD:
            self.unread += 1
        elif tag == "meta":
            if given.get("http-equiv", "").strip().lower() == "refresh":
                raise Unreadable(_REACHES_OUT)
            self.about.append(given.get("content", ""))
        self._divide(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD and self.unread:
            self.unread -= 1
        self._divide(tag)

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        """Browsers end a remark earlier than others do (`<!-->`): nothing hides in one."""
        if "<" in data or ">" in data:
            raise Unreadable(_REACHES_OUT)

    def unknown_decl(self, data: str) -> None:
        """A marked section is a remark to a browser, and ends earlier."""
        raise Unreadable(_REACHES_OUT)

    def _divide(self, tag: str) -> None:
        if tag not in _INLINE:
            self.texts.append(" ")


def _acts(name: str, value: str) -> bool:
    """Whether an attribute is a program, or leads to one."""
    if name.startswith("on"):
        return True
    if name not in _ADDRESSES:
        return False
    address = "".join(value.split()).lower()
    return ":" in address.partition("/")[0] and not address.startswith(_HARMLESS)

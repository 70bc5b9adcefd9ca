"""Reads an export element by element with flat memory, and refuses what no export needs: DTDs, entities, depth, size.

expat is told of a DOCTYPE before it reads what is in it, so neither a billion laughs nor a file of ours named in one gets
anywhere; nothing is ever fetched.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

CHUNK = 64 * 1024
# What reading from a zip raises: broken, cut off, sealed with a password, packed in a way that we don't know.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)
MOST_BYTES = 200 * 2**20
MOST_DEPTH = 12
MOST_IN_ONE = 20_000
MOST_TEXT = 4 * 2**20
MOST_ATTRIBUTE = 4_000
# Elements of an export, one after another; everything else is inside them, or says something about the site.
ENTRIES = frozenset({"item", "wp:author", "wp:category", "wp:tag", "wp:term"})
NAMESPACES = (
    (re.compile(r"https?://wordpress\.org/export/1\.[012]/excerpt/"), "excerpt:"),
    (re.compile(r"https?://wordpress\.org/export/1\.[012]/"), "wp:"),
    (re.compile(r"http://purl\.org/rss/1\.0/modules/content/"), "content:"),
    (re.compile(r"http://purl\.org/dc/elements/1\.[01]/"), "dc:"),
)
# The codes of expat that a person can do something about.
SAID = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "The file is empty, or ends too early",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "The file ends in the middle of something",
    expat.errors.XML_ERROR_PARTIAL_CHAR: "The file ends in the middle of a letter",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "The file ends in the middle of a text",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "Here is an abbreviation (&…;) that XML does not know",
    expat.errors.XML_ERROR_TAG_MISMATCH: "Here something ends that did not begin",
    expat.errors.XML_ERROR_UNKNOWN_ENCODING: "The file is in an encoding that we don’t know; save it as UTF-8",
    expat.errors.XML_ERROR_INCORRECT_ENCODING: "The file is not in the encoding that it names; save it as UTF-8",
    expat.errors.XML_ERROR_INVALID_TOKEN: "Here is a sign that may not be in XML",
}


class ExportError(ValueError):
    """The file can't be read as an export; the text says why, with line and column where there are some."""

    def __init__(self, words: str, *, line: int = 0, column: int = 0) -> None:
        place = f" (line {line}, column {column})" if line else ""
        super().__init__(f"{words}{place}.")
        self.line, self.column = line, column


@dataclass(slots=True)
class Node:
    """An element: its name with a short prefix, what it says, and where it began."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def all(self, name: str) -> Iterator["Node"]:
        return (child for child in self.children if child.name == name)

    def said(self, name: str) -> str:
        """The text of the first child of this name, without blanks around it; nothing if there is none."""
        return next((child.text.strip() for child in self.all(name)), "")


class Reader:
    """What expat calls. `found` fills with whole entries, which whoever reads takes away."""

    def __init__(self) -> None:
        self.found: list[Node] = []
        self.open: list[Node] = []
        self.depth = self.count = self.size = 0
        self.is_export = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.EntityDeclHandler = self.refuse_doctype
        parser.ExternalEntityRefHandler = self.refuse_doctype  # type: ignore[assignment]
        self.parser = parser

    def feed(self, data: bytes, *, is_last: bool) -> list[Node]:
        """The entries that ended in this part. Raises ExportError."""
        try:
            self.parser.Parse(data, is_last)
        except expat.ExpatError as error:
            words = SAID.get(expat.errors.messages.get(error.code, ""), "This is no well-formed XML")
            raise ExportError(words, line=error.lineno, column=error.offset + 1) from None
        except (LookupError, ValueError) as error:
            if isinstance(error, ExportError):
                raise
            raise self.problem(SAID[expat.errors.XML_ERROR_UNKNOWN_ENCODING]) from None
        found, self.found = self.found, []
        return found

    def problem(self, words: str) -> ExportError:
        return ExportError(words, line=self.parser.CurrentLineNumber, column=self.parser.CurrentColumnNumber + 1)

    def refuse_doctype(self, *_: object) -> None:
        raise self.problem("The file brings rules of its own (a DOCTYPE), which no export of WordPress does")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        name = short(name)
        if self.depth == 1 and name != "rss":
            raise self.problem("This is XML, but no export of WordPress")
        if self.depth > MOST_DEPTH:
            raise self.problem("Too many things are inside each other here")
        if any(len(value) > MOST_ATTRIBUTE for value in attributes.values()):
            raise self.problem("An attribute is far too long here")
        is_about_site = self.depth == 3 and name in ("title", "link", "wp:base_blog_url", "wp:wxr_version")
        self.is_export = self.is_export or (self.depth == 3 and name.startswith("wp:"))
        if not self.open and not (self.depth == 3 and name in ENTRIES) and not is_about_site:
            return
        node = Node(name, attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.count = self.size = 0
        self.open.append(node)
        self.count += 1
        if self.count > MOST_IN_ONE:
            raise self.problem("One entry has too many parts")

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.found.append(node)

    def text(self, data: str) -> None:
        if self.open:
            self.size += len(data)
            if self.size > MOST_TEXT:
                raise self.problem("One entry is far too long")
            self.open[-1].parts.append(data)


def short(name: str) -> str:
    """The name with the prefix that it usually has, whatever the file calls it."""
    address, _, local = name.rpartition(" ")
    return next((prefix for pattern, prefix in NAMESPACES if pattern.fullmatch(address)), "") + local


def read_nodes(file: IO[bytes]) -> Iterator[Node]:
    """The entries of an export in their order, each as soon as it is complete. Raises ExportError."""
    reader, read = Reader(), 0
    while data := block_of(file):
        read += len(data)
        if read > MOST_BYTES:
            raise ExportError(f"The file is larger than {MOST_BYTES // 2**20} MB")
        yield from reader.feed(data, is_last=False)
    yield from reader.feed(b"", is_last=True)
    if not reader.is_export:
        raise ExportError("This is a feed, but no export of WordPress: it says nothing of one", line=1, column=1)


def block_of(file: IO[bytes]) -> bytes:
    """The next part of the file, which may lie in a zip. Raises ExportError where that is broken or sealed with a password."""
    try:
        return file.read(CHUNK)
    except BROKEN_ZIP:
        raise ExportError("The export lies in a zip, and can’t be read from it") from None

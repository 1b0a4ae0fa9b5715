"""What a workbook's file is, by its content, and how far each sheet reaches, before a library opens it whole."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.parsers import expat

from lakebook.errors import BadFile
from lakebook.ingest.sources import packed, sheet_extent
from lakebook.ingest.sources.sheet_extent import Extent

Kind = Literal["xlsx", "xlsb", "ods", "xls"]
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
ENDINGS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")
OFFICE = "[Content_Types].xml"
LARGEST_INDEX = 16 << 20
MOST_STRINGS = 512 << 20
STRINGS = ("xl/sharedstrings.xml", "xl/sharedstrings.bin", "xl/styles.xml", "xl/styles.bin")
# What a container of the old form names its parts.
ENCRYPTED, WORDS, SLIDES = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument", "PowerPoint"))
BROKEN = (LookupError, ValueError, SyntaxError, RuntimeError, UnicodeError)


def kind_of(path: Path, filename: str) -> Kind | None:
    """Which form of workbook the file is, None for anything else; BadFile for other offices' files and locked ones."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(OLD):
        return _old(path, filename)
    if not head.startswith(b"PK\x03\x04"):
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and filename.lower().endswith(ENDINGS):
            raise BadFile(f"{filename} is a web page under the name of a workbook.",
                          hint="Open it in a spreadsheet program and save it as .xlsx.")  # fmt: skip
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return _zipped(archive, filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, *BROKEN):
        # What is no sound archive is said by those who unpack it.
        return None


def _zipped(archive: zipfile.ZipFile, filename: str) -> Kind | None:
    members = {name.casefold() for name in archive.namelist()}
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        return "xlsb"
    if "mimetype" in members and "content.xml" in members:
        with archive.open("mimetype") as mimetype:
            if mimetype.read(200).startswith(DOCUMENT):
                return "ods"
        raise _no_table(filename)
    if OFFICE.casefold() in members:
        raise _no_table(filename)
    return None


def _old(path: Path, filename: str) -> Kind:
    last = b""
    with path.open("rb") as file:
        while block := file.read(packed.BLOCK):
            text = last + block
            if ENCRYPTED in text:
                raise locked(filename)
            if WORDS in text or SLIDES in text:
                raise _no_table(filename)
            last = block[-64:]
    return "xls"


def _no_table(filename: str) -> BadFile:
    return BadFile(f"{filename} is an office document, but no workbook.", hint="Copy its table into a sheet or a CSV.")


def locked(filename: str) -> BadFile:
    """What is said of a workbook behind a password."""
    return BadFile(f"{filename} is protected by a password.", hint="Save it without one, then load it again.")


def damaged(filename: str) -> BadFile:
    """What is said of a workbook that is none."""
    return BadFile(f"{filename} is cut short or damaged: it cannot be read as a workbook.",
                   hint="Open it in a spreadsheet program and save it again.")  # fmt: skip


@contextmanager
def said(filename: str) -> Iterator[None]:
    """What goes wrong while a workbook is read, as one clear error."""
    from python_calamine import CalamineError, PasswordError

    try:
        with packed.said(filename):
            yield
    except PasswordError as error:
        raise locked(filename) from error
    except (CalamineError, expat.ExpatError, *BROKEN) as error:
        raise damaged(filename) from error
    except BaseException as error:
        # A fault that the library did not foresee; it is no exception of the usual tree.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(filename) from error


def extents(path: Path, kind: Kind, growth: packed.Growth) -> dict[str, Extent]:
    """How far each sheet reaches, by its name; BadFile for bombs. Sheets of the oldest form are small by nature."""
    if kind == "xls":
        return {}
    with zipfile.ZipFile(path) as archive:
        if any(one.flag_bits & 1 for one in archive.infolist()):
            raise locked(growth.filename)
        members = {name.casefold(): name for name in archive.namelist()}
        if len(members) < len(archive.namelist()):
            raise damaged(growth.filename)
        if kind == "ods":
            if _encrypted(archive, members):
                raise locked(growth.filename)
            found = sheet_extent.of_document(sheet_extent.unpacked(archive, "content.xml", growth))
        else:
            _check_strings(archive, members, growth)
            found = {}
            for name, member in _sheets(archive, members, kind).items():
                blocks = sheet_extent.unpacked(archive, members[member], growth)
                found[name] = sheet_extent.of_xml(blocks) if kind == "xlsx" else sheet_extent.of_binary(blocks)
    for name, extent in found.items():
        extent.check(name, growth.filename)
    return found


def _encrypted(archive: zipfile.ZipFile, members: dict[str, str]) -> bool:
    manifest = members.get("meta-inf/manifest.xml")
    return manifest is not None and b"encryption-data" in _index(archive, manifest)


def _check_strings(archive: zipfile.ZipFile, members: dict[str, str], growth: packed.Growth) -> None:
    """Texts that sheets share are held whole: no more of them than memory bears."""
    size = 0
    for member in STRINGS:
        if member in members:
            for block in sheet_extent.unpacked(archive, members[member], growth):
                size += len(block)
                if size > MOST_STRINGS:
                    raise BadFile(f"{growth.filename} holds more text than a workbook can be read with.",
                                  hint="Save its sheets as CSV.")  # fmt: skip


def _index(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as file:
        text = file.read(LARGEST_INDEX + 1)
    if len(text) > LARGEST_INDEX:
        raise ValueError(member)
    return text


def _sheets(archive: zipfile.ZipFile, members: dict[str, str], kind: Kind) -> dict[str, str]:
    """The member that holds each sheet, in lower case, by the sheet's name."""
    index = "xl/workbook.xml" if kind == "xlsx" else "xl/workbook.bin"
    links = members[f"xl/_rels/{posixpath.basename(index)}.rels"]
    targets = {}
    for one in ElementTree.fromstring(_index(archive, links)):
        at = posixpath.normpath(posixpath.join("/xl", one.get("Target", "")))
        targets[one.get("Id", "")] = at.lstrip("/").casefold()
    text = _index(archive, members[index])
    named = _named_in_xml(text) if kind == "xlsx" else _named_in_records(text)
    return {name: targets[link] for name, link in named if targets[link] in members}


def _named_in_xml(text: bytes) -> Iterator[tuple[str, str]]:
    for one in ElementTree.fromstring(text).iter():
        if one.tag.rpartition("}")[2] == "sheet":
            links = [value for name, value in one.attrib.items() if name.rpartition("}")[2] == "id"]
            yield one.get("name", ""), links[0] if links else ""


def _named_in_records(text: bytes) -> Iterator[tuple[str, str]]:
    for kind, body in sheet_extent.records([text]):
        if kind == sheet_extent.SHEET_SAID:
            link, rest = _wide(body[8:])
            yield _wide(rest)[0], link


def _wide(text: bytes) -> tuple[str, bytes]:
    """A counted text and what follows it."""
    end = 4 + 2 * int.from_bytes(text[:4], "little")
    return text[4:end].decode("utf-16-le"), text[end:]

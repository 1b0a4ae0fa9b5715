"""Workbooks of Excel and its relatives: each sheet a table, typed by its cells, with what was odd about it said."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, NotFound
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import packed
from lakebook.ingest.sources.material import Material, part_hash
from lakebook.ingest.sources.notes import Notes
from lakebook.ingest.sources.own_names import own_names, renamed
from lakebook.ingest.sources.sheet import Book, Sheet
from lakebook.ingest.sources.workbook_parts import extents, kind_of, said

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def of_file(call: Call, request: IngestRequest, file: Material, facts: dict[str, Any]) -> Generator[Material]:
    """Every sheet that the request wants of a local file, one after the other, each as one Parquet file."""
    filename, kept = facts["filename"], file.files[0]
    given = {"query": request.query, "watermark": request.watermark, "key": request.key, "tables": request.tables}
    for word, value in given.items():
        if value:
            raise InvalidRequest(f"A workbook is read sheet by sheet: `{word}` has no place.", hint="Use `sheet`.")
    kind = kind_of(kept, filename)
    if kind is None:
        raise BadFile(f"{filename} is no workbook.", hint="Check that it is the right file.")
    growth = packed.Growth(call, filename, kept.stat().st_size)
    link = growth.path(f"{kept.stem[:16]}-book", f".{kind}")
    link.unlink(missing_ok=True)
    link.symlink_to(kept)
    try:
        with said(filename):
            reach = extents(kept, kind, growth)
        yield from _tables(call, request, file, facts, Book(link, kind, filename, reach, growth))
    finally:
        link.unlink(missing_ok=True)


def _tables(
    call: Call, request: IngestRequest, file: Material, facts: dict[str, Any], book: Book
) -> Iterator[Material]:
    from python_calamine import load_workbook

    with said(book.filename):
        opened = load_workbook(str(book.path))
    notes = Notes()
    wanted, alone = _wanted(opened, request.sheet, book, notes)
    called = own_names(wanted, facts.get("named"))
    made = 0
    for at, name in enumerate(wanted):
        with said(book.filename):
            sheet = opened.get_sheet_by_name(name)
        plain = book.growth.path(f"{file.files[0].stem[:16]}-{at}", ".parquet")
        try:
            with said(book.filename):
                region = Sheet(call, request, book, sheet, notes).write(plain)
            if region is None:
                notes.note("left_out", None, None, f"the sheet {name!r} is empty")
                continue
            # One sheet is the file; of several each has its own name, unless the one that was asked for was given one.
            own = None if alone or (request.sheet and facts.get("named")) else name
            part = None if alone else name
            for one in renamed(name, facts.get("named"), called.get(name)) if own else ():
                notes.note(one["kind"], None, one["raw"], one["reason"])
            made += 1
            yield replace(
                file, name=own, files=[plain], options=Options("parquet"), source_kind="workbook",
                table=called.get(name) if own else None,
                dialect={"format": book.kind, "sheet": name, "header": region.header > 0},
                source=file.source if alone else f"{file.source}: {name}", deviations=list(notes.first),
                source_hash=part_hash(file.source_hash, part, request.header, request.skip, request.null),
                deviation_counts=dict(notes.counts), passing=[plain],
            )  # fmt: skip
            notes.clear()
        finally:
            plain.unlink(missing_ok=True)
    if not made:
        raise BadFile(f"{book.filename} holds no rows.", hint="Check that it is the right file.")


def _wanted(opened: CalamineWorkbook, sheet: str | None, book: Book, notes: Notes) -> tuple[list[str], bool]:
    """The sheets to read, and whether there is but one that holds anything; the others are noted."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visible: list[str] = []
    for one in opened.sheets_metadata:
        if one.typ != SheetTypeEnum.WorkSheet:
            notes.note("left_out", None, None, f"the sheet {one.name!r} is no table")
        elif sheet is None and one.visible != SheetVisibleEnum.Visible:
            notes.note("left_out", None, None, f"the sheet {one.name!r} is hidden; `--sheet` takes it all the same")
        elif _empty(opened, one.name, book):
            notes.note("left_out", None, None, f"the sheet {one.name!r} is empty")
        else:
            visible.append(one.name)
    if sheet is None:
        return visible, len(visible) == 1
    known = {names.key(name): name for name in visible}
    if names.key(sheet) not in known:
        raise NotFound(f"{book.filename} has no sheet {sheet!r} with rows.", hint=f"It has: {', '.join(visible[:20])}.")
    notes.clear()
    return [known[names.key(sheet)]], len(visible) == 1


def _empty(opened: CalamineWorkbook, sheet: str, book: Book) -> bool:
    if sheet in book.reach:
        return not book.reach[sheet].holds
    with said(book.filename):
        return opened.get_sheet_by_name(sheet).start is None

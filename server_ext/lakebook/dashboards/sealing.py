"""Seals a page: what it shows is inside it, and nothing in it asks anything of another host."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

POLICY = (
    "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
)
DROPPED = ("link", "base", "iframe", "frame", "object", "embed", "applet", "portal")
LOADING = ("src", "srcset", "poster", "background", "data", "imagesrcset", "ping", "manifest", "formaction", "action")
DRAWING = ("image", "use", "feimage", "script", "pattern", "lineargradient", "radialgradient", "filter", "mpath")
REMOTE_CSS = re.compile(r"@import[^;]*;?|url\(\s*(?!['\"]?\s*(?:data:|#))[^)]*\)", re.IGNORECASE)
LARGEST_PICTURE = 8 * 2**20


def sealed(html: str, folder: Path) -> str:
    """The page with local pictures of the notebook's folder put in and every other load taken out."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for tag in list(soup.find_all(DROPPED)):
        tag.decompose()
    for tag in list(soup.find_all("meta")):
        if str(tag.get("http-equiv", "")).lower() == "refresh":
            tag.decompose()
    for tag in list(soup.find_all(True)):
        _seal(tag, folder)
    for style in soup.find_all("style"):
        style.string = REMOTE_CSS.sub("none", style.get_text())
    _govern(soup)
    return str(soup)


def _seal(tag: Tag, folder: Path) -> None:
    if tag.name == "script" and tag.get("src") is not None:
        tag.decompose()
        return
    for name in LOADING:
        address = str(tag.get(name, "")).strip()
        if name in tag.attrs and not address.lower().startswith("data:"):
            picture = _picture(address, folder) if (tag.name, name) == ("img", "src") else None
            del tag.attrs[name]
            if picture is not None:
                tag.attrs[name] = picture
    if tag.name == "img" and not tag.get("src") and not tag.get("srcset"):
        # A picture from elsewhere is left out; its description stays.
        tag.name, text = "span", str(tag.get("alt", ""))
        tag.attrs = {"class": "absent"}
        tag.string = text
        return
    for name in ("href", "xlink:href"):
        address = str(tag.get(name, "")).strip().lower()
        loads = tag.name in DRAWING and address and not address.startswith(("#", "data:"))
        if loads or address.startswith(("javascript:", "vbscript:")):
            del tag.attrs[name]
    if tag.name == "a" and tag.get("href"):
        tag.attrs["rel"] = "noopener noreferrer"
    if "style" in tag.attrs:
        tag.attrs["style"] = REMOTE_CSS.sub("none", str(tag.attrs["style"]))


def _picture(address: str, folder: Path) -> str | None:
    """A picture beside the notebook as a data URI; None for anything else."""
    kind = mimetypes.guess_type(address)[0] or ""
    if not kind.startswith("image/") or "://" in address or address.startswith("//"):
        return None
    path = (folder / unquote(address)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > LARGEST_PICTURE:
        return None
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _govern(soup: BeautifulSoup) -> None:
    """The same as a rule that the browser keeps, in front of everything it could load."""
    rule = soup.new_tag("meta", attrs={"http-equiv": "Content-Security-Policy", "content": POLICY})
    head = soup.head
    if head is not None:
        head.insert(0, rule)
    else:
        soup.insert(0, rule)

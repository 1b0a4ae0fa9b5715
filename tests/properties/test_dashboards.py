"""Whatever a notebook puts on its page, the page asks nothing of another host."""

from __future__ import annotations

import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lakebook.dashboards.pages import TOKEN
from lakebook.dashboards.sealing import DRAWING, DROPPED, LOADING, sealed

HOST = "evil.example"
REMOTE = re.compile(rf"(url\(|@import)[^;)]*{HOST}", re.IGNORECASE)
FOLDER = Path(tempfile.gettempdir())
TAGS = ("img", "script", "link", "iframe", "object", "embed", "video", "audio", "source", "track", "input", "form",
        "button", "table", "body", "base", "svg", "image", "use", "feImage", "a", "p", "style", "meta",
        "IMG")  # fmt: skip
ATTRIBUTES = ("src", "srcset", "href", "xlink:href", "poster", "data", "background", "action", "formaction", "ping",
              "style", "content", "SRC", "Href")  # fmt: skip

addresses = st.sampled_from(
    [f"https://{HOST}/x", f"http://{HOST}/x.png", f"//{HOST}/x", f" https://{HOST}/x", f"HTTPS://{HOST}/x",
     f"url(https://{HOST}/x)", f"url( '//{HOST}/x' )", f"javascript:fetch('//{HOST}')", f"0;url=https://{HOST}",
     "data:image/png;base64,AAAA", "#here", "x.png", f"https://{HOST}/a 1x, https://{HOST}/b 2x"]
)  # fmt: skip
attributes = st.lists(st.tuples(st.sampled_from(ATTRIBUTES), addresses), max_size=4)
tags = st.recursive(
    st.one_of(
        st.text("ab <>&\"'", max_size=8),
        st.just(f"<style>@import '//{HOST}/x.css'; p {{ background: url(//{HOST}/x) }}</style>"),
    ),
    lambda inside: st.builds(
        lambda tag, given, content: f"<{tag} {written(given)}>{''.join(content)}</{tag}>",
        st.sampled_from(TAGS), attributes, st.lists(inside, max_size=3),
    ),
    max_leaves=8,
)  # fmt: skip


def written(pairs: list[tuple[str, str]]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in pairs)


class Loads(HTMLParser):
    """Collects what a browser would fetch by itself."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at each attribute that loads."""
        given = {name: (value or "").strip() for name, value in attrs}
        self.style = tag == "style"
        if tag in DROPPED or (tag == "script" and "src" in given):
            self.found.append(tag)
        for name, value in given.items():
            loads = name in LOADING or (name in ("href", "xlink:href") and tag in DRAWING)
            if loads and HOST in value:
                self.found.append(f"{tag} {name}")
            if name == "style" and REMOTE.search(value):
                self.found.append(f"{tag} style")
            if value.lower().startswith("javascript:") and name in ("href", "xlink:href"):
                self.found.append(f"{tag} {name}")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.append("refresh")

    def handle_data(self, data: str) -> None:
        """Look into style sheets."""
        if self.style and REMOTE.search(data):
            self.found.append("style sheet")

    def handle_endtag(self, _tag: str) -> None:
        """A style sheet ends with its tag."""
        self.style = False


@given(st.lists(tags, max_size=5))
def test_a_sealed_page_loads_nothing(parts: list[str]) -> None:
    page = sealed(f"<html><head></head><body>{''.join(parts)}</body></html>", FOLDER)
    assert Loads(page).found == []
    assert "Content-Security-Policy" in page


@given(st.lists(tags, max_size=3))
def test_sealing_twice_changes_nothing_more(parts: list[str]) -> None:
    once = sealed(f"<html><head></head><body>{''.join(parts)}</body></html>", FOLDER)
    again = sealed(once, FOLDER)
    rule = re.compile(r"<meta[^>]*Content-Security-Policy[^>]*>")
    assert rule.sub("", again) == rule.sub("", once)


@given(st.text(max_size=60))
def test_a_token_names_no_path(text: str) -> None:
    if TOKEN.fullmatch(text):
        assert not {"/", ".", "\\", "\n"} & set(text)
        assert len(text) == 43

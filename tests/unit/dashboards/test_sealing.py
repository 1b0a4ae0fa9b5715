"""A sealed page holds all it shows, and asks nothing of any host."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from lakebook.dashboards.sealing import POLICY, sealed

PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00"


def body(inside: str, folder: Path) -> str:
    whole = sealed(f"<!DOCTYPE html><html><head></head><body>{inside}</body></html>", folder)
    return whole.partition("<body>")[2].partition("</body>")[0]


def test_the_rule_stands_before_everything_else(tmp_path: Path) -> None:
    page = sealed("<html><head><title>t</title></head><body></body></html>", tmp_path)
    head = page.partition("<head>")[2]
    assert head.startswith("<meta")
    assert "default-src 'none'" in head.partition("<title>")[0]
    assert "connect-src" not in POLICY
    assert "http" not in POLICY.replace("http-equiv", "")


def test_a_fragment_has_the_rule_too(tmp_path: Path) -> None:
    assert sealed("<p>x</p>", tmp_path).startswith("<meta")


@pytest.mark.parametrize(
    "loads",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        '<script type="module" src="./local.js">ignored()</script>',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<link rel="preconnect" href="https://cdn.example">',
        '<iframe src="https://example.org"></iframe>',
        "<iframe srcdoc=\"<img src='https://example.org/x.png'>\"></iframe>",
        '<object data="https://example.org/x.swf"></object>',
        '<embed src="https://example.org/x.swf">',
        '<base href="https://example.org/">',
        '<meta http-equiv="refresh" content="0; url=https://example.org">',
        '<META HTTP-EQUIV="Refresh" content="0; url=https://example.org">',
    ],
)
def test_what_only_loads_is_taken_out(tmp_path: Path, loads: str) -> None:
    assert body(f"<p>before</p>{loads}<p>after</p>", tmp_path) == "<p>before</p><p>after</p>"


@pytest.mark.parametrize(
    "loads",
    [
        '<video poster="https://e.org/x.png" src="https://e.org/x.mp4"></video>',
        '<audio src="http://e.org/x.mp3"></audio>',
        '<picture><source srcset="https://e.org/a.png 2x"><img alt="a" src="https://e.org/a.png"></picture>',
        '<table background="https://e.org/x.png"></table>',
        '<form action="https://e.org/"><button formaction="https://e.org/">go</button></form>',
        '<svg><image href="https://e.org/x.png"></image><use xlink:href="https://e.org/x.svg#a"></use></svg>',
        '<svg><filter href="https://e.org/x.svg"><feImage href="https://e.org/x.png"></feImage></filter></svg>',
        '<p style="background: url(https://e.org/x.png)">x</p>',
        "<p style=\"background: URL( 'https://e.org/x.png' )\">x</p>",
        '<style>@import "https://e.org/x.css"; p { background: url(//e.org/x.png) }</style>',
        "<a href=\"javascript:fetch('https://e.org')\">x</a>",
        '<a ping="https://e.org/" href="#x">x</a>',
        '<input type="image" src="https://e.org/x.png">',
        '<img srcset="https://e.org/x.png 1x" src="https://e.org/x.png" alt="x">',
    ],
)
def test_no_address_that_loads_by_itself_is_left(tmp_path: Path, loads: str) -> None:
    assert "e.org" not in body(loads, tmp_path)


def test_a_picture_from_elsewhere_becomes_its_description(tmp_path: Path) -> None:
    page = body('<img src="https://e.org/x.png" alt="Our logo" width="20">', tmp_path)
    assert page == '<span class="absent">Our logo</span>'


def test_a_picture_beside_the_notebook_is_put_in(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "a dot.gif").write_bytes(PIXEL)
    page = body('<img alt="dot" src="img/a%20dot.gif">', tmp_path)
    assert f"data:image/gif;base64,{base64.b64encode(PIXEL).decode()}" in page
    assert 'alt="dot"' in page


@pytest.mark.parametrize(
    "address", ["../secret.gif", "/etc/hostname.gif", "file:///etc/x.gif", "gone.gif", "notes.txt", "img"]
)
def test_nothing_outside_the_notebooks_folder_gets_in(tmp_path: Path, address: str) -> None:
    (tmp_path / "secret.gif").write_bytes(PIXEL)
    folder = tmp_path / "inside"
    (folder / "img").mkdir(parents=True)
    (folder / "notes.txt").write_text("private")
    assert body(f'<img alt="x" src="{address}">', folder) == '<span class="absent">x</span>'


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.gif").write_bytes(PIXEL)
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "innocent.gif").symlink_to(tmp_path / "secret.gif")
    assert "data:" not in body('<img alt="x" src="innocent.gif">', folder)


def test_a_picture_too_large_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.dashboards.sealing.LARGEST_PICTURE", 10)
    (tmp_path / "x.gif").write_bytes(PIXEL)
    assert "data:" not in body('<img alt="x" src="x.gif">', tmp_path)


def test_what_is_inside_already_stays(tmp_path: Path) -> None:
    inside = (
        '<img alt="x" src="data:image/png;base64,AAAA"/><script>let a = 1 &lt; 2</script>'
        '<p style="background:url(data:image/png;base64,AAAA)">x</p><svg><use href="#a"></use></svg>'
    )
    assert body(inside, tmp_path) == inside


def test_links_for_people_stay_and_tell_nothing_of_where_they_came_from(tmp_path: Path) -> None:
    page = body('<a href="https://example.org/paper">the paper</a>', tmp_path)
    assert 'href="https://example.org/paper"' in page
    assert 'rel="noopener noreferrer"' in page

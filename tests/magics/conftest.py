"""A notebook's shell with the magics, once on the home here and once on a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tests.live_server import live_server

ORDERS = "id,country,quantity,unit_price\n" + "".join(
    f"{n},{('Germany', 'France', 'Spain')[n % 3]},{n % 5},{n % 40 / 4:.2f}\n" for n in range(600)
)


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("local", "remote")]
)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables that name a home, or a server and its token."""
    folder = tmp_path_factory.mktemp("place")
    if request.param == "local":
        yield {"LAKEBOOK_HOME": str(folder / "home")}
        return
    with live_server(folder) as server:
        (folder / "token").write_text(server.token)
        yield {"LAKEBOOK_URL": server.url, "LAKEBOOK_TOKEN_FILE": str(folder / "token")}


@pytest.fixture(scope="module")
def shell(place: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A shell in a folder with `orders.csv`, `%load_ext lakebook` done."""
    folder = tmp_path_factory.mktemp("notebooks")
    (folder / "orders.csv").write_text(ORDERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LAKEBOOK_HOME", raising=False)
        for name, value in place.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        InteractiveShell.clear_instance()
        shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        shell.run_line_magic("load_ext", "lakebook")
        yield shell
        InteractiveShell.clear_instance()

"""What publish and dashboards take and give; field names are the seed's."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from lakebook.verb import Flag, Positional, Request, Result


class PublishRequest(Request):
    """A notebook to run once and keep as a page."""

    notebook: Annotated[str, Positional()] = Field(description="Path of the notebook.")
    name: Annotated[str | None, Flag("--as")] = Field(
        None, description="Name of the dashboard; without one, the notebook's."
    )
    parameters: Annotated[dict[str, Any], Flag("-p")] = Field(
        default_factory=dict, description="Parameters, as name=value pairs."
    )
    file: str | None = Field(None, description="Also write the page to this file, complete in itself.")


class Published(Result):
    """The page that was made, and its link; the link is shown once and stored only as a hash."""

    dashboard_id: str
    name: str
    version: int
    path: str = Field(description="Path of the link on the server, after its base address.")
    url: str | None = Field(None, description="The whole link, where a server of this home is known.")
    file: str | None = None
    charts: int = Field(description="Charts on the page.")
    seconds: float


class DashboardCreate(Request):
    """A dashboard by its configuration; a notebook in it can be published later."""

    name: Annotated[str, Positional()] = Field(description="Name of the dashboard.", min_length=1, max_length=200)
    config: dict[str, Any] = Field(default_factory=dict, description="Its visualizations and layout.")


class Dashboard(Result):
    """A dashboard and whether it is shared."""

    dashboard_id: str
    name: str
    notebook: str | None = None
    user_id: str
    visualizations: list[dict[str, Any]] = Field(default_factory=list)
    layout: dict[str, Any] = Field(default_factory=dict)
    version: int = Field(0, description="Version of the kept page; 0 where none was made.")
    shared: bool = False
    created_at: str
    updated_at: str


class DashboardsRequest(Request):
    """Which dashboards to list: all of them."""


class DashboardRequest(Request):
    """One dashboard, by id or name."""

    dashboard: Annotated[str, Positional()] = Field(description="Id or name of the dashboard.")

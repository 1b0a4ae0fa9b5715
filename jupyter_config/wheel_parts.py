"""Build hook of the wheel: every part that Jupyter loads is in it, or there is no wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelParts(BuildHookInterface[BuilderConfig]):
    """Refuses to build without the front end or the templates; puts the notebooks inside the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check the parts outside the packages (raises FileNotFoundError), then add the notebooks."""
        if self.target_name != "wheel":
            return
        for source in [*self.build_config.target_config["shared-data"], "notebooks"]:
            if not (Path(self.root) / source).exists():
                raise FileNotFoundError(f"{source} is missing. Run `make setup`, which builds it, and try again.")
        if version == "standard":  # an editable install reads them where they are
            build_data["force_include"]["notebooks"] = "lakebook/demo/notebooks"

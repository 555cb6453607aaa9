"""A hatch hook: the wheel carries the morphology database, so that an installed kg never builds one for itself.

The code that builds it needs the standard library only; an editable install builds into the cache on first use.
"""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MorphologyHook(BuildHookInterface[Any]):
    """Builds ``kg/_built`` before the wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling; ``version`` is ``standard`` or ``editable``."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from kg.language.almor.build import build_package
        finally:
            sys.path.remove(self.root)
        build_data["artifacts"].append(f"/{build_package().parent.relative_to(self.root).as_posix()}/**")

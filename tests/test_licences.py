"""Licences of all parts are known, told truly, and fit to ship with MIT code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import licences

ROOT = Path(__file__).resolve().parents[1]


def test_the_list_is_what_the_lock_pins() -> None:
    found = licences.parts()
    assert len(found) > 50
    assert {part.name for part in found} == {name for name, _ in licences.locked()}
    assert licences.main(["--check"]) == 0


def test_no_part_of_the_default_install_is_copyleft_or_unknown() -> None:
    assert list(licences.problems(licences.parts())) == []


@pytest.mark.parametrize(
    "text",
    [
        "GPL-3.0-or-later",
        "AGPL-3.0",
        "LGPL-2.1-only",
        "MIT AND LGPL-3.0",
        "GNU General Public License v3 (GPLv3)",
        "UNKNOWN",
        "",
    ],
)
def test_what_is_refused(text: str) -> None:
    part = licences.Part(name="x", version="1", licence=text, told_by="test")
    assert len(list(licences.problems([part]))) == 1


@pytest.mark.parametrize(
    "text", ["MIT", "Apache-2.0 OR GPL-2.0-only", "(MIT OR Apache-2.0)", "MPL-2.0 AND MIT", "PSF-2.0"]
)
def test_what_is_allowed(text: str) -> None:
    assert licences.allowed(text)


def test_what_was_looked_up_is_still_in_the_lock() -> None:
    assert licences.known().keys() <= {name for name, _ in licences.locked()}


def test_the_bill_of_materials() -> None:
    found = json.loads((ROOT / "docs" / "data" / "sbom.json").read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX"
    assert {(each["name"], each["version"]) for each in found["components"]} == {
        (part.name, part.version) for part in licences.parts()
    }
    assert all(each["licenses"][0]["expression"] for each in found["components"])


def test_whom_to_cite_is_whom_we_release() -> None:
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version, licence = (re.search(rf"^{field}: (.+)$", cff, re.MULTILINE) for field in ("version", "license"))
    assert version is not None
    assert licence is not None
    assert f'version = "{version[1]}"' in project
    assert f'license = "{licence[1]} AND ' in project


def test_the_wheel_tells_every_licence_of_what_is_in_it() -> None:
    """But for what pyvis brings into written pages, and outlines that belong to nobody."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    told = re.search(r'^license = "(.+)"$', project, re.MULTILINE)
    assert told is not None
    held = {str(licences.cyclonedx(row["licence"]).get("expression", "")) for row in licences.own_parts()}
    assert set(told[1].split(" AND ")) == held - {"", "Apache-2.0 OR MIT"}

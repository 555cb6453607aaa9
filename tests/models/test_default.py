"""The default path knows nothing of larger models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from kg.cli import app
app(["analyse", sys.argv[1]], standalone_mode=False)
app(["build", sys.argv[1], "--out", sys.argv[1] + ".graph", "--no-page"], standalone_mode=False)
heavy = {"httpx", "torch", "transformers", "numpy", "tokenizers"}
loaded = {name for name in sys.modules if name.split(".")[0] in heavy}
loaded |= {name for name in sys.modules if name.startswith("kg.models")}
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""


def test_nothing_of_it_is_imported(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("x.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(article)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-1000:]

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_project
from pmiek.cli import main


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own without the package, for what does not start Snakemake."""
    return tiny_project.build_project(tmp_path / "project", with_code=False)


@pytest.fixture
def pmiek(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process; gives exit code, output and error output."""

    def run(root: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(root)
        monkeypatch.setattr("sys.argv", ["pmiek", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose batch has been run once through the real workflow; tests put back what they change."""
    root = tiny_project.build_project(tmp_path_factory.mktemp("workflow") / "project", with_code=True)
    done = tiny_project.pmiek(root, "run", "--batch", tiny_project.BATCH, "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    (root / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return root

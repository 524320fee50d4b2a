"""The data directory is made for its owner alone, or refused in a sentence; nobody else's files are touched."""

import stat
from pathlib import Path

import pytest

from provsluss.installation.closed_to_others import close_to_others, open_to_others
from provsluss.installation.data_directory import ready_data_directory
from provsluss.installation.problem import InstallationProblem
from provsluss.installation.secret_key import stored_secret_key
from provsluss.installation.temporary_files import FOLDER, forget_abandoned


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_with_its_parents_for_the_owner_alone(tmp_path: Path) -> None:
    path = ready_data_directory(tmp_path / "a" / "b")
    assert [_mode(one) for one in (path, path.parent)] == [0o700, 0o700]
    assert ready_data_directory(path) == path


@pytest.mark.parametrize("what", ["file", "below a file", "circle", "nowhere", "too long"])
def test_one_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    (tmp_path / "fil").touch()
    (tmp_path / "cirkel").symlink_to(tmp_path / "cirkel")
    (tmp_path / "ingenstans").symlink_to(tmp_path / "finns inte" / "heller inte")
    path = {
        "file": tmp_path / "fil",
        "below a file": tmp_path / "fil" / "data",
        "circle": tmp_path / "cirkel",
        "nowhere": tmp_path / "ingenstans" / "data",
        "too long": tmp_path / ("x" * 300),
    }[what]
    if what == "nowhere":  # a link to what is not there yet: made there
        assert ready_data_directory(path).is_dir()
        return
    with pytest.raises(InstallationProblem, match="PROVSLUSS_DATA_DIR"):
        ready_data_directory(path)


def test_the_key_is_made_once_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    key = stored_secret_key(tmp_path)
    assert stored_secret_key(tmp_path) == key
    assert _mode(tmp_path / "secret_key") == 0o600
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(InstallationProblem, match="tom eller skadad"):
        stored_secret_key(tmp_path)


def test_what_others_could_read_is_closed(tmp_path: Path) -> None:
    for name in ("provsluss.sqlite3", "provsluss.sqlite3-wal", "secret_key"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    assert open_to_others(tmp_path)
    assert close_to_others(tmp_path)
    assert {_mode(tmp_path / name) for name in ("provsluss.sqlite3", "provsluss.sqlite3-wal", "secret_key")} == {0o600}
    assert open_to_others(tmp_path) == []


def test_only_what_dead_processes_of_ours_left_is_deleted(tmp_path: Path) -> None:
    """Whoever points the data directory at one that is used for other things loses nothing."""
    folder = tmp_path / FOLDER
    ours, of_somebody = folder / "12345-abcdefgh", folder / "semesterbilder"
    for one in (ours, of_somebody):
        one.mkdir(parents=True)
        (one / "fil").touch()
    (ours / "in-use.lock").touch()
    (folder / "anteckningar.txt").touch()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "annat").touch()
    forget_abandoned(folder)
    assert not ours.exists()
    assert sorted(one.name for one in folder.iterdir()) == ["anteckningar.txt", "semesterbilder"]
    assert (tmp_path / "tmp" / "annat").exists()

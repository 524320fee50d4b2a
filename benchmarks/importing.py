"""Import of a workbook with many pupils: seconds and the highest memory of the whole process.

`python -m benchmarks.importing [PUPILS]`
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.engine.installation import ORGANISATION, Installation


def main(pupils: int) -> None:
    """Measure one import into an empty register, and the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        here = Installation(Path(folder) / "data", "http://127.0.0.1:9")
        workbook = Path(folder) / "school.xlsx"
        here.run("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
        here.run("example", workbook, "--pupils", pupils, "--schools", max(1, pupils // 350), "--seed", 1)
        print(f"workbook with {pupils} pupils: {workbook.stat().st_size / 1e6:.1f} MB")
        for title in ("first import", "same file again"):
            started = time.monotonic()
            done = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "provsluss",
                    "import",
                    workbook,
                    "--organisation",
                    ORGANISATION,
                    "--yes",
                    "--json",
                ],
                env={**os.environ, **here.environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _, _, used = os.wait4(done.pid, 0)
            seconds = time.monotonic() - started
            print(f"{title}: {seconds:.1f} s, {_megabytes(used):.0f} MB at most")


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

"""The demo, as ``make demo`` runs it."""

import subprocess
import sys
from pathlib import Path

from tests.e2e.daemon import LONGEST_SECONDS, environment


def test_without_a_terminal_it_shows_the_main_job_and_ends_well(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "demo"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    out = done.stdout
    for part in (
        "Yesterday: the first poll of 20 sources",
        "Today: new items appear in the feeds",
        "Mentions by entity",
        "Stories told by several (",
        "Alerts (",
        "Quiet Server Times: This is not a feed",
        "Night Shift Cloud: The server answered 500",
        "webhook-signature: v1,",
        "The mail receiver took",
        "Message-ID: <msg_",
    ):
        assert part in out, part
    assert "WRONG" not in out, out[out.index("WRONG") :].partition("\n")[0]
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []

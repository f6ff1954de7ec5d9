"""Pictures of the main pages over the sample world and weeks of news before it: light, dark, as a phone shows them.

python -m tests.browser.pictures FOLDER     all of them, PNG
python -m tests.browser.pictures            the README's three, into docs/images
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.browser.house import open_house
from tests.browser.visitor import DESK, PHONE, Visitor, executable, launched, visiting

__all__ = ["PAGES", "take"]

PAGES = ("/", "/stream", "/stories", "/entities/HPE", "/sources", "/rules", "/alerts", "/welcome")
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": DESK},
    "dark": {"color_scheme": "dark", "viewport": DESK},
    "phone": {"color_scheme": "light", "viewport": PHONE},
}
README = (("/", "light"), ("/stream", "dark"), ("/entities/HPE", "light"))
SMALL = {"width": 1000, "height": 620}
"""Each of the README's pictures stays below 200 kB."""
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


async def take(browser: Browser, base: str, folder: Path, wanted: list[tuple[str, str]], **options: Any) -> list[Path]:
    """The files: what the first screen shows of each page, in each look of ``LOOKS``; ``options`` beat the look's."""
    taken: list[Path] = []
    for look in LOOKS:
        async with visiting(browser, base, **LOOKS[look] | options) as visitor:
            taken += [
                await _take_one(visitor, path, folder / f"{_name(path)}-{look}.png")
                for path, its in wanted
                if its == look
            ]
    return taken


async def _take_one(visitor: Visitor, path: str, file: Path) -> Path:
    page = await visitor.go(path)
    await page.screenshot(path=file)
    return file


def _name(path: str) -> str:
    return path.strip("/").replace("/", "-").lower() or "overview"


async def _main(folder: Path | None) -> None:
    chromium = executable()
    if chromium is None:
        raise SystemExit("pictures: no chromium on the PATH: apt-get install chromium")
    wanted = list(README) if folder is None else [(path, look) for path in PAGES for look in LOOKS]
    target = folder or IMAGES
    await asyncio.to_thread(target.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="newsvane-pictures-") as kept:
        async with open_house(Path(kept), hostile=False, weeks=8) as house, launched(chromium) as browser:
            options = {} if folder else {"viewport": SMALL}
            for file in await take(browser, house.base, target, wanted, **options):
                print(file.name, file.stat().st_size)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))

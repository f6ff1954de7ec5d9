"""The repository keeps its own rules: what is tracked, what is locked, what is licensed, what is bundled."""

import hashlib
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    ".ci", ".dockerignore", ".env.example", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE",
    "Makefile", "README.md", "SECURITY.md", "docs", "migrations", "pyproject.toml", "requirements-bench.txt",
    "requirements-dev.txt", "requirements.txt", "scrapers", "service", "tests",
}  # fmt: skip

# What tools and running programs leave behind, and .gitignore keeps out.
_LEFT_BEHIND = re.compile(
    r"\.venv|\.git|\.env|__pycache__|build|dist|\.\w+_cache|\.hypothesis|.*\.egg-info|.*\.pyc|.*\.db(-wal|-shm)?"
)

# Escaped dots and alternatives keep these patterns from finding themselves.
_REGISTRY = re.compile(
    r"(?<![\w-])(?:pypi\.org|pythonhosted\.org|anaconda\.org|npmjs\.(?:org|com)|registry\.yarnpkg\.com"
    r"|proxy\.golang\.org|docker\.io|ghcr\.io|quay\.io)(?![\w-])",
    re.IGNORECASE,
)
# Not the path of an address (https://example.org/home/news), not a link inside a sample page (href="/home/").
_MACHINE_PATH = re.compile(
    r"""(?:(?<=file://)|(?<![\w.~%)}/-])(?<!href=")(?<!src="))/(?:work|root|home|Users|tmp)/[\w.-]"""
)

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]+\])?==(?P<version>[^\s;]+)(?:\s*;[^\\]+)?\s*\\?$")
_DIGEST = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")


def repository_files() -> list[Path]:
    """What is tracked; in a copy without git, everything that no tool left behind. Relative to the root, sorted."""
    found = _tracked(ROOT)
    if found is None:
        found = list(_walk(ROOT))
    return sorted(path for path in found if (ROOT / path).is_file())


def _tracked(root: Path) -> list[Path] | None:
    """None where git is missing, refuses, or looks after some other folder."""
    try:
        top = subprocess.run(["git", "rev-parse", "--show-toplevel"], cwd=root, capture_output=True, check=True)
        if Path(os.fsdecode(top.stdout).strip()).resolve() != root:
            return None
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [Path(os.fsdecode(name)) for name in listing.stdout.split(b"\0") if name]


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if not left_behind(here / name)]
        yield from (here / name for name in files if not left_behind(here / name))


def left_behind(path: Path) -> bool:
    return path.parts[0] == "data" or any(_LEFT_BEHIND.fullmatch(part) for part in path.parts)


def texts() -> Iterator[tuple[Path, str]]:
    """Every file of the repository that is text in UTF-8."""
    for path in repository_files():
        content = (ROOT / path).read_bytes()
        if b"\0" in content:
            continue
        try:
            yield path, content.decode()
        except UnicodeDecodeError:
            continue  # sample feeds may be in other encodings on purpose


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def locked(name: str) -> dict[str, set[str]]:
    """Package -> versions (several where they differ by platform) of a requirements file."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if pin := _PIN.match(line):
            versions.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return versions


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def direct_dependencies() -> list[Requirement]:
    table = project()["project"]
    return [Requirement(line) for line in chain(table["dependencies"], *table["optional-dependencies"].values())]


def bundled_sources() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted((ROOT / "service" / "bundled").glob("*.yaml")):
        found += (yaml.safe_load(path.read_text()) or {}).get("sources") or []
    return found


def same_feed(address: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What two addresses of one feed have in common: host, path and parameters in any order."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


class TestPatterns:
    """The patterns below find what they are for, and only that."""

    @pytest.mark.parametrize(
        "labels",
        [
            ("https://", "pypi", ".org/simple"),  # an index
            ("files.", "pythonhosted", ".org"),  # where its files are
            ("FROM ", "docker", ".io/library/python"),  # an image with its registry
        ],
    )
    def test_registry_hosts_are_found(self, labels: tuple[str, ...]) -> None:
        assert _REGISTRY.search("".join(labels))

    def test_other_hosts_are_not_registries(self) -> None:
        assert not _REGISTRY.search("https://docs.example.org happy-" + "pypi" + ".organisation")

    @pytest.mark.parametrize("before", ["", "cd ", '"', "path=", "file://", "(", "`"])
    def test_machine_paths_are_found(self, before: str) -> None:
        assert _MACHINE_PATH.search(before + "/" + "root" + "/notes.txt")

    @pytest.mark.parametrize(
        "line",
        [
            "https://feed.example.org/rss/home/?rss=1",  # the path of an address
            '<a href="/home/index.html">',  # a link inside a site
            "sqlite+aiosqlite:////data/newsvane.db",  # the container's volume
        ],
    )
    def test_addresses_are_not_machine_paths(self, line: str) -> None:
        assert not _MACHINE_PATH.search(line)


class TestTrackedFiles:
    def test_no_file_names_a_package_registry(self) -> None:
        assert places(_REGISTRY) == []

    def test_no_file_names_a_path_of_somebodys_machine(self) -> None:
        assert places(_MACHINE_PATH) == []

    def test_the_top_level_holds_only_what_belongs_there(self) -> None:
        assert {path.parts[0] for path in repository_files()} <= TOP_LEVEL

    def test_nothing_that_tools_leave_behind_is_kept(self) -> None:
        assert [path for path in repository_files() if left_behind(path)] == []

    def test_continuous_integration_runs_what_developers_run(self) -> None:
        script = ROOT / ".ci" / "run"
        assert os.access(script, os.X_OK)
        assert re.search(r"^exec make test\b", script.read_text(), re.MULTILINE)

    def test_both_ways_of_listing_files_see_this_one(self) -> None:
        assert Path("tests/test_repository.py") in set(_walk(ROOT))
        tracked = _tracked(ROOT)
        assert tracked is None or Path("pyproject.toml") in tracked


class TestDependencies:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
    def test_requirements_are_exact_versions_with_digests_and_nothing_else(self, name: str) -> None:
        digests: dict[str, int] = {}
        current = ""
        strange = []
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1):
            if _PIN.match(line):
                current = f"{number}: {line}"
                digests[current] = 0
            elif _DIGEST.match(line) and current:
                digests[current] += 1
            elif line.strip():
                strange.append(f"{number}: {line}")  # an index address, an editable install, a bare name
        assert strange == []
        assert digests
        assert [pin for pin, count in digests.items() if count == 0] == []

    def test_developers_test_the_versions_that_users_run(self) -> None:
        users, developers = locked("requirements.txt"), locked("requirements-dev.txt")
        assert {name: developers.get(name) for name in users} == users

    def test_every_direct_dependency_is_locked_within_its_range(self) -> None:
        versions = locked("requirements-bench.txt") | locked("requirements-dev.txt")
        wrong = [
            str(wanted)
            for wanted in direct_dependencies()
            if not (found := versions.get(canonicalize_name(wanted.name)))
            or not all(wanted.specifier.contains(version, prereleases=True) for version in found)
        ]
        assert wrong == []

    def test_every_dependency_at_version_zero_has_an_upper_bound(self) -> None:
        versions = locked("requirements-bench.txt") | locked("requirements-dev.txt")
        unbounded = [
            str(wanted)
            for wanted in direct_dependencies()
            if any(Version(version).major == 0 for version in versions[canonicalize_name(wanted.name)])
            and not any(bound.operator in {"<", "<=", "==", "~="} for bound in wanted.specifier)
        ]
        assert unbounded == []

    def test_no_lock_file_that_records_where_packages_came_from(self) -> None:
        names = {path.name for path in repository_files()}
        assert names.isdisjoint({"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"})


class TestLicence:
    def test_it_is_the_apache_license_word_for_word(self) -> None:
        # The digest of the text as the Apache Software Foundation publishes it.
        digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
        assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

    def test_the_package_says_so_too(self) -> None:
        assert project()["project"]["license"] == "Apache-2.0"


class TestBundledSources:
    def test_there_are_enough_and_enough_are_switched_on(self) -> None:
        sources = bundled_sources()
        assert len(sources) >= 48
        assert sum(source.get("enabled", True) for source in sources) >= 40

    def test_each_has_a_title_and_tags(self) -> None:
        poor = [source["url"] for source in bundled_sources() if not source.get("title") or not source.get("tags")]
        assert poor == []

    def test_tags_are_plain_words(self) -> None:
        tags = {tag for source in bundled_sources() for tag in source.get("tags", [])}
        assert {tag for tag in tags if not re.fullmatch(r"[a-z]+(-[a-z]+)?", tag)} == set()

    def test_each_watched_entity_has_its_newsroom_or_wire_its_filings_and_its_search(self) -> None:
        having = {
            (kind, entity)
            for source in bundled_sources()
            if source.get("enabled", True)
            for kind in source.get("tags", [])
            for entity in source.get("tags", [])
        }
        for entity in ("hpe", "supermicro", "oracle"):
            assert {("company", entity), ("wire", entity)} & having
        for entity in ("hpe", "supermicro", "oracle", "xai"):
            assert ("regulatory", entity) in having
            assert ("search", entity) in having

    def test_addresses_are_complete_and_encrypted(self) -> None:
        for source in bundled_sources():
            parts = urlsplit(source["url"])
            assert parts.scheme == "https", source["url"]
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), source["url"]
            assert re.fullmatch(r"[!#-;=?-Z_a-z~]+", source["url"]), source["url"]

    def test_no_feed_is_listed_twice(self) -> None:
        addresses = [same_feed(source["url"]) for source in bundled_sources()]
        assert sorted(address for address in set(addresses) if addresses.count(address) > 1) == []

    def test_no_title_is_used_twice(self) -> None:
        titles = [source["title"] for source in bundled_sources()]
        assert len(titles) == len(set(titles))

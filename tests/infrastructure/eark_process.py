"""Ask eark-validator about one package and print its report as JSON.

Runs in the environment that `.ci/eark-validator` makes, where nothing of the portal is installed.
On import the validator fetches four vocabularies from the web, which it also brings along as files;
here it reads those, so that its answer needs no network.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlparse

VOCABULARIES = Path("ipxml", "resources", "vocabs")


def from_files(folder: Path) -> Any:
    """Return what stands for `urlopen`: the file of the same name."""

    def opened(address: str) -> IO[bytes]:
        return (folder / Path(urlparse(address).path).name).open("rb")

    return opened


def main(package: str) -> None:
    """Judge one package, a folder or a zip."""
    found = importlib.util.find_spec("eark_validator")
    assert found is not None and found.origin is not None
    urllib.request.urlopen = from_files(Path(found.origin).parent / VOCABULARIES)
    packages = importlib.import_module("eark_validator.packages")
    print(packages.PackageValidator(Path(package)).validation_report.model_dump_json())


if __name__ == "__main__":
    main(sys.argv[1])

"""The library is part of the wheel, which is therefore of one platform, though of every Python."""

import os
import re

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.dist import Distribution

_FOLDER = os.path.dirname(os.path.abspath(__file__))


class PlatformWheel(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class PlatformDistribution(Distribution):
    def has_ext_modules(self):
        return True


def version() -> str:
    """That of the tools."""
    path = os.environ.get("DATACUBE_VERSION_FILE") or os.path.join(
        _FOLDER, "../Sources/DatacubeStorage/Diagnostics/Version.swift"
    )
    with open(path, encoding="utf-8") as file:
        return re.search(r'current = "([^"]+)"', file.read()).group(1)


setup(version=version(), cmdclass={"bdist_wheel": PlatformWheel}, distclass=PlatformDistribution)

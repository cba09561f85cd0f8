"""What fails, as exceptions of Python that say what the tools would print."""

from __future__ import annotations


class DatacubeError(Exception):
    """A call of the library failed.

    `code` tells the kinds apart, such as `corrupt` or `unavailable`; the text is the one line that the tools print.
    """

    def __init__(self, message: str, code: str = "system") -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self):
        return type(self), (self.args[0], self.code)


class DatacubeValueError(DatacubeError, ValueError):
    """Something that was asked for makes no sense."""


class DatacubeNotFoundError(DatacubeError, FileNotFoundError):
    """What must be there is not."""

    # OSError keeps its texts elsewhere.
    def __str__(self) -> str:
        return str(self.args[0])


class DatacubeAccessError(DatacubeError, PermissionError):
    """A server refused the keys, or what they allow."""

    def __str__(self) -> str:
        return str(self.args[0])


class DatacubeConnectionError(DatacubeError, ConnectionError):
    """A server could not be reached, or failed; the same call may succeed later."""

    def __str__(self) -> str:
        return str(self.args[0])


_CLASSES = {
    "configuration": DatacubeValueError,
    "notFound": DatacubeNotFoundError,
    "denied": DatacubeAccessError,
    "unavailable": DatacubeConnectionError,
}


def error(code: str, message: str) -> DatacubeError:
    """The exception for what the library told."""
    return _CLASSES.get(code, DatacubeError)(message, code)

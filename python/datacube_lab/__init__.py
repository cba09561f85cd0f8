"""Windows of Sentinel-2 Level-1C time series from SAFE, COG and Zarr, on folders and S3."""

from .cube import Cube
from .errors import DatacubeError
from .library import LIBRARY
from .opening import open
from .patches import Patch, read_plan

#: The version of the library, which is that of the tools.
__version__: str = LIBRARY.datacube_version().decode()

__all__ = ["Cube", "DatacubeError", "Patch", "open", "read_plan"]

"""Windows of Sentinel-2 Level-1C time series from SAFE, COG and Zarr, on folders and S3."""

from .cube import Cube, open
from .errors import DatacubeError
from .patches import Patch, read_plan

__all__ = ["Cube", "DatacubeError", "Patch", "open", "read_plan"]

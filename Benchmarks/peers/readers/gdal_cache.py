"""What all readers by GDAL share: paths, and its cache of decoded blocks, which outlives a load where files stay open."""

import ctypes
import glob
import os

import rasterio

from readers import Job


def gdal_path(job: Job, path: str) -> str:
    return "/vsis3/" + job.place(path) if job.dataset.storage == "s3" else path


def _library() -> ctypes.CDLL:
    """The GDAL inside rasterio's wheel, which is loaded already."""
    folder = os.path.join(os.path.dirname(os.path.dirname(rasterio.__file__)), "rasterio.libs")
    (path,) = glob.glob(os.path.join(folder, "libgdal*.so*"))
    library = ctypes.CDLL(path)
    library.GDALGetCacheMax64.restype = ctypes.c_int64
    library.GDALSetCacheMax64.argtypes = [ctypes.c_int64]
    return library


_gdal = _library()


def forget() -> None:
    """Drops all blocks: a patch of a small tile would otherwise be answered from those of the patches before."""
    size = _gdal.GDALGetCacheMax64()
    _gdal.GDALSetCacheMax64(0)
    _gdal.GDALSetCacheMax64(size)

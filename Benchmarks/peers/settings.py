"""The peers, and the settings tried for each; the best one is measured and stated."""

from dataclasses import dataclass

# glibc then gives freed memory to the next load instead of to the kernel, which would have to clear it again.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "8000000000", "MALLOC_TOP_PAD_": "67108864"}
# Room for the blocks that bands and neighbouring rows share within a load.
GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_CACHEMAX": "256"}


# Our engine as Python has it, which is a contender like any other.
IN_PYTHON = "datacube_lab"
EVERYTHING = ("zarr", "shardzarr", "zipzarr", "cog", "safe")


@dataclass(frozen=True)
class Peer:
    name: str
    reader: str
    layouts: tuple[str, ...]
    candidates: tuple[dict, ...]


def peers(threads: int) -> list[Peer]:
    """All peers; `threads` is what ours gets, and peers may take more where that helps them."""
    zarr = ("zarr", "shardzarr")
    return [
        Peer(IN_PYTHON, "datacube_lab_cube", EVERYTHING, tuple(_datacube_lab(threads))),
        Peer("zarr-python", "zarr_python", zarr, tuple(_zarr_python(threads))),
        Peer("zarr-python + zarrs", "zarr_python", zarr, tuple(_zarrs(threads))),
        Peer("tensorstore", "tensorstore_arrays", zarr, tuple(_tensorstore(threads))),
        Peer("xarray + dask", "xarray_dask", zarr, tuple(_xarray(threads))),
        Peer("xbatcher", "xbatcher_batch", zarr, tuple(_xbatcher(threads))),
        Peer("rasterio pool", "rasterio_pool", ("cog",), tuple(_rasterio_cog(threads))),
        Peer("rasterio pool", "rasterio_pool", ("safe",), tuple(_rasterio_safe(threads))),
        Peer("rioxarray + dask", "rioxarray_dask", ("cog",), tuple(_rioxarray(threads, [True, 512, -1]))),
        Peer("rioxarray + dask", "rioxarray_dask", ("safe",), tuple(_rioxarray(threads, [True, -1]))),
    ]


def s3_peers(threads: int) -> list[Peer]:
    """Peers that read from S3."""
    zarr = ("zarr", "shardzarr")
    return [
        Peer(IN_PYTHON, "datacube_lab_cube", EVERYTHING, tuple(_datacube_lab(threads))),
        Peer("zarr-python + obstore", "zarr_python", zarr, tuple(_remote_zarr("obstore", threads))),
        Peer("zarr-python + s3fs", "zarr_python", zarr, tuple(_remote_zarr("s3fs", threads))),
        Peer("tensorstore", "tensorstore_arrays", zarr, tuple(_remote_tensorstore(threads))),
        Peer("rasterio pool", "rasterio_pool", ("cog", "safe"), tuple(_remote_rasterio())),
    ]


PEERS = {"temp": peers, "s3": s3_peers}


def _datacube_lab(threads: int):
    for into_buffer in (True, False):
        yield {"threads": threads, "into_buffer": into_buffer, "env": KEEP_MEMORY}


def _remote_zarr(store: str, threads: int):
    for pipeline in ("batched", "fused"):
        for concurrency in (10, 32, 128):
            limits = {"async.concurrency": concurrency, "threading.max_workers": 2 * threads}
            yield {"store": store, "pipeline": pipeline, "zarr": limits}


def _remote_tensorstore(threads: int):
    for requests in (32, 128, 256):
        context = {"data_copy_concurrency": {"limit": threads}, "s3_request_concurrency": {"limit": requests}}
        yield {"context": context, "env": KEEP_MEMORY}


def _remote_rasterio():
    for pool in (8, 16, 32, 64):
        yield {"threads": pool, "keep_open": True, "env": {**GDAL, "GDAL_HTTP_MULTIRANGE": "YES"}}
    yield {"threads": 32, "env": {**GDAL, "GDAL_INGESTED_BYTES_AT_OPEN": "32768"}}
    yield {"threads": 32, "keep_open": True, "env": {**GDAL, "VSI_CACHE": "TRUE", "CPL_VSIL_CURL_CHUNK_SIZE": "1048576"}}


def _zarr_python(threads: int):
    for pipeline in ("batched", "fused"):
        for concurrency, workers in ((10, None), (threads, threads), (64, 2 * threads), (64, 8 * threads)):
            yield {
                "pipeline": pipeline,
                "zarr": {"async.concurrency": concurrency, "threading.max_workers": workers},
            }


def _zarrs(threads: int):
    for groups in (1, 3):
        for workers in (threads, 2 * threads):
            for direct in (False, True):
                yield {
                    "pipeline": "zarrs",
                    "groups_at_once": groups,
                    "zarr": {"threading.max_workers": workers, "codec_pipeline.direct_io": direct},
                }
    yield {"pipeline": "zarrs", "zarr": {"codec_pipeline.chunk_concurrent_minimum": 1}}


def _tensorstore(threads: int):
    for copies, files in ((threads, threads), (threads, 4 * threads), (2 * threads, 4 * threads)):
        context = {"data_copy_concurrency": {"limit": copies}, "file_io_concurrency": {"limit": files}}
        yield {"context": context}
        yield {"context": context, "into_buffer": True}
        yield {"context": context, "env": KEEP_MEMORY}
    yield {"context": {**context, "file_io_mode": {"mode": "memmap"}}, "env": KEEP_MEMORY}


def _xarray(threads: int):
    for pipeline in ("batched", "fused", "zarrs"):
        for workers in (threads, 4 * threads):
            yield {"pipeline": pipeline, "scheduler": "threads", "workers": workers, "env": KEEP_MEMORY}
    yield {"pipeline": "zarrs", "scheduler": "synchronous"}
    yield {"pipeline": "batched", "scheduler": "synchronous"}


def _xbatcher(threads: int):
    for pipeline in ("batched", "fused", "zarrs"):
        yield {"pipeline": pipeline, "zarr": {"threading.max_workers": 2 * threads}, "env": KEEP_MEMORY}
    yield {"pipeline": "batched", "zarr": {"async.concurrency": 64, "threading.max_workers": 2 * threads}}


def _rasterio_cog(threads: int):
    for pool in (1, threads, 2 * threads, 4 * threads):
        yield {"threads": pool, "env": GDAL}
        yield {"threads": pool, "keep_open": True, "env": GDAL}
    yield {"threads": threads, "env": {**GDAL, "VSI_CACHE": "TRUE"}}
    yield {"threads": threads, "env": {**GDAL, "GTIFF_DIRECT_IO": "YES"}}
    yield {"threads": threads, "open": {"NUM_THREADS": "ALL_CPUS"}, "env": {**GDAL, **KEEP_MEMORY}}
    yield {"threads": 1, "open": {"NUM_THREADS": "ALL_CPUS"}, "env": GDAL}


def _rasterio_safe(threads: int):
    for pool in (1, threads, 2 * threads):
        yield {"threads": pool, "env": {**GDAL, "GDAL_NUM_THREADS": "1"}}
    yield {"threads": 1, "env": {**GDAL, "GDAL_NUM_THREADS": "ALL_CPUS"}}
    yield {"threads": threads, "keep_open": True, "env": {**GDAL, "GDAL_NUM_THREADS": "1", **KEEP_MEMORY}}


def _rioxarray(threads: int, chunkings: list):
    for chunks in chunkings:
        for keep in (False, True):
            yield {"chunks": chunks, "scheduler": "threads", "workers": threads, "keep_open": keep, "env": GDAL}
    yield {"chunks": True, "scheduler": "threads", "workers": 2 * threads, "keep_open": True, "env": GDAL}
    yield {"chunks": True, "scheduler": "synchronous", "keep_open": True, "env": GDAL}

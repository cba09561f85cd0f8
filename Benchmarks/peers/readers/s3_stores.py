"""The S3 of scripts/bench-peers as stores of zarr-python; keys come from the AWS variables."""

import os

import s3fs as _s3fs
from obstore.store import S3Store
from zarr.storage import FsspecStore, ObjectStore

_ENDPOINT = os.environ.get("DSLAB_TEST_S3_ENDPOINT", "")


def obstore(bucket: str, path: str) -> ObjectStore:
    store = S3Store(
        bucket,
        prefix=path,
        endpoint=_ENDPOINT,
        region="default",
        access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
        secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )
    return ObjectStore(store, read_only=True)


def s3fs(bucket: str, path: str) -> FsspecStore:
    system = _s3fs.S3FileSystem(endpoint_url=_ENDPOINT, asynchronous=True, config_kwargs={"max_pool_connections": 128})
    return FsspecStore(system, read_only=True, path=f"{bucket}/{path}")

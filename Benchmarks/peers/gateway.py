"""The Ceph gateway that scripts/bench-peers started: its buckets, and a catalogue of the products in one of them."""

import contextlib
import os
import subprocess
import sys
import time

import botocore.session

# What the gateway's own collector keeps of removed objects fills a store that lies in memory, and removing it later
# would disturb whoever runs then.
_COLLECT = ["radosgw-admin", "-n", "client.rgw.a", "gc", "process", "--include-all"]
_SCRIPTS = os.path.join(os.path.dirname(__file__), "../../scripts")


class Bucket:
    """A bucket that is made empty."""

    def __init__(self, name: str):
        self.name, self._folder = name, os.environ["PEERS_GATEWAY"]
        self._client = botocore.session.get_session().create_client(
            "s3", endpoint_url=os.environ["DSLAB_TEST_S3_ENDPOINT"], region_name="default"
        )
        self._client.create_bucket(Bucket=name)

    def sizes(self) -> dict[str, int]:
        """Keys and the bytes of their objects."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}

    def empty(self) -> None:
        """Removes the objects and waits until the store has let go of them."""
        keys = [{"Key": key} for key in self.sizes()]
        for start in range(0, len(keys), 1000):
            objects = {"Objects": keys[start : start + 1000], "Quiet": True}
            refused = self._client.delete_objects(Bucket=self.name, Delete=objects).get("Errors")
            if refused:
                raise ValueError(f"{self.name}: {refused[0]}")
        if keys:
            # The gateway itself has the socket that the configuration names.
            command = [*_COLLECT, "--conf", os.path.join(self._folder, "ceph.conf"), "--admin-socket", ""]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def catalogue(products: str, bucket: Bucket, folder: str):
    """The address of a catalogue of a folder's products that lie in a bucket under the same names."""
    port = os.path.join(folder, "catalogue.port")
    with contextlib.suppress(FileNotFoundError):
        os.remove(port)
    command = [sys.executable, os.path.join(_SCRIPTS, "stac-server"), "--safe", products, "--bucket", bucket.name]
    server = subprocess.Popen([*command, "--port-file", port], stdout=subprocess.DEVNULL)
    try:
        while not os.path.exists(port):
            if server.poll() is not None:
                raise ChildProcessError(f"stac-server ended with status {server.returncode}")
            time.sleep(0.05)
        with open(port) as file:
            yield f"http://127.0.0.1:{file.read().strip()}/v1"
    finally:
        server.terminate()
        server.wait()

"""A real S3 server for the jobs that need one, a catalogue of what lies in its buckets, and buckets as trees of files."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import botocore.session
from botocore.config import Config

SCRIPTS = Path(__file__).parents[2] / "scripts"
THREADS = 8


class Gateway:
    """The gateway that DSLAB_TEST_S3_ENDPOINT names, or one that is started here and ended with this object."""

    def __init__(self):
        self.folder = None
        values = os.environ
        if "DSLAB_TEST_S3_ENDPOINT" not in values:
            self.folder = tempfile.mkdtemp(prefix="rgw.", dir="/tmp")
            subprocess.run([SCRIPTS / "rgw-up", self.folder], check=True, stdout=subprocess.DEVNULL)
            lines = [line.removeprefix("export ").split("=", 1) for line in (Path(self.folder) / "env").read_text().split("\n") if line]
            values = dict(lines)
        self.endpoint = values["DSLAB_TEST_S3_ENDPOINT"]
        self.access, self.secret = values["DSLAB_TEST_S3_ACCESS_KEY"], values["DSLAB_TEST_S3_SECRET_KEY"]

    def end(self):
        if self.folder:
            subprocess.run([SCRIPTS / "rgw-down", self.folder])
            shutil.rmtree(self.folder, ignore_errors=True)

    def variables(self, endpoint=None):
        """Keys and place, for the tools."""
        return {
            "AWS_ENDPOINT_URL": endpoint or self.endpoint, "AWS_ACCESS_KEY_ID": self.access, "AWS_SECRET_ACCESS_KEY": self.secret,
            "DSLAB_S2L1C_S3_PROFILE": "lab", "DSLAB_INTAKE_PROFILE": "lab",
        }


class Bucket:
    """A part of a bucket, `bucket/prefix`, as the tools take it."""

    def __init__(self, gateway, place):
        self.bucket, _, prefix = place.partition("/")
        self.prefix = prefix + "/" if prefix else ""
        self.client = botocore.session.get_session().create_client(
            "s3", endpoint_url=gateway.endpoint, region_name="default", aws_access_key_id=gateway.access,
            aws_secret_access_key=gateway.secret,
            config=Config(s3={"addressing_style": "path"}, max_pool_connections=THREADS, request_checksum_calculation="when_required"),
        )
        try:
            self.client.create_bucket(Bucket=self.bucket)
        except self.client.exceptions.BucketAlreadyOwnedByYou:
            pass
        # Bytes by their MD5, which is their entity tag as well.
        self.known = {}

    def tags(self):
        """The entity tag of each key."""
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
            found.update({item["Key"][len(self.prefix) :]: item["ETag"].strip('"') for item in page.get("Contents", [])})
        return found

    def learn(self, folder):
        """Remembers bytes that will probably be asked for."""
        for path in Path(folder).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                self.known[hashlib.md5(data).hexdigest()] = data

    def hold(self, folder):
        """Makes the bucket hold what a folder holds, or nothing."""
        wanted = {str(path.relative_to(folder)): path for path in Path(folder).rglob("*") if path.is_file()} if folder else {}
        wanted = {name: path for name, path in wanted.items() if not any(part.startswith(".") for part in name.split("/"))}
        there = self.tags()
        data = {name: path.read_bytes() for name, path in wanted.items()}
        new = [name for name in data if there.get(name) != hashlib.md5(data[name]).hexdigest()]
        old = [name for name in there if name not in data]
        for start in range(0, len(old), 1000):
            keys = [{"Key": self.prefix + name} for name in old[start : start + 1000]]
            self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": keys, "Quiet": True})
        with ThreadPoolExecutor(THREADS) as pool:
            put = lambda name: self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=data[name])
            list(pool.map(put, new))

    def dump(self, folder):
        """Writes the objects to a folder, which must be absent."""
        tags = self.tags()
        unknown = [(name, tag) for name, tag in tags.items() if tag not in self.known]

        def get(item):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + item[0])
            self.known[item[1]] = answer["Body"].read()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(get, unknown))
        Path(folder).mkdir(parents=True)
        for name, tag in tags.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.known[tag])


class Catalogue:
    """scripts/stac-server: a catalogue of the products below a folder, whose files lie in a bucket."""

    def __init__(self, folder, bucket, port_file):
        self.process = subprocess.Popen(
            [sys.executable, SCRIPTS / "stac-server", "--safe", folder, "--bucket", bucket, "--port-file", port_file],
            # It tells of each client that was killed while it answered.
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            if Path(port_file).exists():
                break
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{Path(port_file).read_text().strip()}/v1"

    def end(self):
        self.process.kill()
        self.process.wait()

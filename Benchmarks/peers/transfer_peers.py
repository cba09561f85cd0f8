"""How rclone and s3cmd move a tree to or from a bucket, with the settings tried for each; the fastest races."""

import os

from stopwatch import Command
from trees import branches

# The programs' defaults, and then what spares them requests and copies in memory that an empty target needs not.
_RCLONE_LEAN = "--no-traverse --no-check-dest --s3-no-check-bucket --use-mmap --s3-memory-pool-use-mmap"
_RCLONE_UP = {
    "defaults": "",
    **{f"{count} transfers, no HEAD": f"--transfers {count} {_RCLONE_LEAN} --s3-no-head" for count in (4, 16, 64)},
    "16 transfers, no HEAD, presigned": f"--transfers 16 {_RCLONE_LEAN} --s3-no-head --s3-use-presigned-request",
    "8 transfers, no HEAD, parts of 16 MiB": f"--transfers 8 {_RCLONE_LEAN} --s3-no-head --s3-upload-cutoff 32Mi "
    "--s3-chunk-size 16Mi --s3-upload-concurrency 8 --s3-disable-checksum",
}
_RCLONE_DOWN = {
    "defaults": "",
    "one listing": "--fast-list --checkers 16 --transfers 16",
    **{
        f"{count} transfers, no HEAD": f"--transfers {count} --fast-list --no-check-dest --s3-no-head-object "
        "--use-server-modtime --use-mmap --multi-thread-cutoff 64Mi"
        for count in (8, 16, 64)
    },
}
_RCLONE_FOUR = {
    "4 transfers": "--transfers 4 --checkers 4 --multi-thread-streams 1",
    "4 transfers, no HEAD": "--transfers 4 --checkers 4 --multi-thread-streams 1 --fast-list --no-check-dest "
    "--s3-no-head-object --use-server-modtime --use-mmap",
}
# Less collecting of garbage, of which little comes up in runs so short.
_RCLONE_ENV = {"GOGC": "400"}
_S3CMD = "--no-check-md5 --no-preserve --no-guess-mime-type --no-mime-magic"


class Peers:
    """Command lines for one gateway; what the programs read lies in a folder of its own."""

    def __init__(self, folder: str):
        self.folder = folder
        endpoint = os.environ["DSLAB_TEST_S3_ENDPOINT"]
        access, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        self._rclone_env = {
            "RCLONE_CONFIG_PEER_TYPE": "s3",
            "RCLONE_CONFIG_PEER_PROVIDER": "Ceph",
            "RCLONE_CONFIG_PEER_ENDPOINT": endpoint,
            "RCLONE_CONFIG_PEER_ACCESS_KEY_ID": access,
            "RCLONE_CONFIG_PEER_SECRET_ACCESS_KEY": secret,
            # rclone fails where this is set, and plain HTTP needs no certificates.
            "AWS_CA_BUNDLE": "",
        }
        self._s3cmd_config = os.path.join(folder, "s3cmd.cfg")
        host = endpoint.removeprefix("http://")
        lines = ["[default]", f"access_key = {access}", f"secret_key = {secret}", f"host_base = {host}"]
        lines += [f"host_bucket = {host}", "use_https = False", "send_chunk = 1048576", "recv_chunk = 1048576"]
        with open(self._s3cmd_config, "w") as file:
            file.write("\n".join(lines) + "\n")

    def up(self, source: str, bucket: str) -> list[Command]:
        found = [self._rclone("rclone", *variant, source, f"peer:{bucket}") for variant in _RCLONE_UP.items()]
        sync = ["sync", f"{source}/", f"s3://{bucket}/"]
        found.append(self._s3cmd("s3cmd sync, defaults", *sync))
        found.append(self._s3cmd("s3cmd sync, lean", *_S3CMD.split(), *sync))
        folders, files = branches(source, 16)
        lines = [f"sync {source}/{path}/ s3://{bucket}/{path}/" for path in folders]
        lines += [f"put {source}/{path} s3://{bucket}/{path}" for path in files]
        return found + [self._s3cmd_side_by_side("up", lines, count) for count in (4, 8)]

    def down(self, source: str, bucket: str, target: str) -> list[Command]:
        """`source` is what the bucket holds; only its folders' names are looked at."""
        place = f"peer:{bucket}"
        found = [self._rclone("rclone", *variant, place, target) for variant in _RCLONE_DOWN.items()]
        for name in list(_RCLONE_DOWN)[2:]:
            options = f"{_RCLONE_DOWN[name]} --ignore-checksum"
            found.append(self._rclone("rclone unverified", f"{name}, unverified", options, place, target))
        return found + self._s3cmd_down(source, bucket, target)

    def down_by_four(self, bucket: str, target: str) -> list[Command]:
        """As many connections as the Copernicus Data Space grants."""
        place = f"peer:{bucket}"
        return [self._rclone("rclone by 4", *variant, place, target) for variant in _RCLONE_FOUR.items()]

    def _s3cmd_down(self, source: str, bucket: str, target: str) -> list[Command]:
        sync = ["sync", f"s3://{bucket}/", f"{target}/"]
        folders, files = branches(source, 16)
        lines = [f"sync s3://{bucket}/{path}/ {target}/{path}/" for path in folders]
        lines += [f"get s3://{bucket}/{path} {target}/{path}" for path in files]
        return [
            self._s3cmd("s3cmd sync, defaults", *sync),
            self._s3cmd("s3cmd sync, lean", *_S3CMD.split(), *sync),
            *[self._s3cmd_into_folders(lines, target, folders + list(map(os.path.dirname, files)), n) for n in (4, 8)],
        ]

    def _s3cmd_into_folders(self, lines: list[str], target: str, folders: list[str], count: int) -> Command:
        """Two of it that make one folder at the same moment fail, so these are there before."""
        command = self._s3cmd_side_by_side("down", lines, count)
        command.prepare = lambda: [os.makedirs(os.path.join(target, path), exist_ok=True) for path in folders]
        return command

    def _rclone(self, program: str, name: str, options: str, source: str, target: str) -> Command:
        arguments = ["rclone", "copy", "--config", "/dev/null", *options.split(), source, target]
        env = self._rclone_env if name == "defaults" else {**self._rclone_env, **_RCLONE_ENV}
        return Command(f"rclone copy, {name}", arguments, env, program=program)

    def _s3cmd(self, name: str, *arguments: str) -> Command:
        return Command(name, ["s3cmd", "--config", self._s3cmd_config, "--quiet", *arguments], program="s3cmd")

    def _s3cmd_side_by_side(self, direction: str, lines: list[str], count: int) -> Command:
        """s3cmd has one connection; its best setting is several of it, each with a part of the tree."""
        list_path = os.path.join(self.folder, f"s3cmd-{direction}.txt")
        with open(list_path, "w") as file:
            file.write("\n".join(lines) + "\n")
        command = f"s3cmd --config {self._s3cmd_config} --quiet --no-progress {_S3CMD}"
        arguments = ["xargs", "--arg-file", list_path, "--max-lines=1", f"--max-procs={count}", *command.split()]
        return Command(f"s3cmd, {count} processes", arguments, program="s3cmd")

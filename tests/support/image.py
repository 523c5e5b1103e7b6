"""Builds the image from the Dockerfile and runs containers of it, with Debian's podman and runc."""

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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.support.server import wait_until

CACHE = Path(os.environ.get("DESCENT_TEST_CACHE", "~/.cache/descent-tests")).expanduser()
_TOOLS = ("podman", "runc")
# Where no registry can be reached, a Debian release with the same Python stands in for the image.
_DEBIAN = {"python:3.13-slim": "trixie"}
_PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
# Works as root in a virtual machine or a container without CAP_SYS_RESOURCE, where podman's own limits are refused.
_LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")


@dataclass
class Podman:
    """podman with a storage folder of its own, so that nothing of a test is left on the machine.

    The storage driver vfs needs no mounts, so it also works inside a container.
    """

    folder: Path

    def __call__(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        storage = [f"--{name}={self.folder / name}" for name in ("root", "runroot", "tmpdir")]
        command = ["podman", *storage, "--storage-driver", "vfs", "--runtime", "runc", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"podman {arguments[0]}: {done.stdout}{done.stderr}"
        return done


@dataclass
class Container:
    """The image, run with its own command as the README says. It listens on port 8000 of the host."""

    podman: Podman
    token: str
    name: str = "descent"

    def start(self) -> None:
        own = (
            "--name",
            self.name,
            "--detach",
            "--network",
            "host",
            *_LIMITS,
            "--env",
            f"DESCENT_ADMIN_TOKEN={self.token}",
        )
        readme = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
        self.podman("run", *own, *readme, "--volume", "descent:/state", "descent")
        wait_until(self.is_healthy, "the health check")

    def is_healthy(self) -> bool:
        return self.podman("healthcheck", "run", self.name, check=False).returncode == 0

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command inside. A status other than 0 is not an error."""
        return self.podman("exec", self.name, *command, check=False)

    def stop(self) -> int:
        """Ends and removes it, but not its volume. Returns its exit status: 137 where podman had to kill it."""
        self.podman("stop", "--time", "30", self.name)
        status = self.podman("inspect", "--format", "{{.State.ExitCode}}", self.name).stdout
        self.podman("rm", self.name)
        return int(status)


@contextlib.contextmanager
def built_image() -> Iterator[Podman]:
    """A podman that knows the image as `descent`. Skips the test where podman or runc is missing, but fails in CI."""
    if not all(map(shutil.which, _TOOLS)):
        _skip(f"The image is built and run where {' and '.join(_TOOLS)} are installed")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8000)) == 0:
            _skip("Port 8000, on which the image listens, is taken")
    # Not in pytest's own folder: podman accepts no long path, and pytest keeps what the last runs left.
    with tempfile.TemporaryDirectory(prefix="descent-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        podman = Podman(folder)
        _get_base(podman)
        # chroot and the host's network need no rights that a container lacks; only the docker format has a HEALTHCHECK.
        options = ("--isolation", "chroot", "--network", "host", "--pull=never", "--format", "docker")
        # With vfs, each layer would be a copy of the whole file system.
        podman("build", *options, "--layers=false", *_pip_configuration(folder), "--tag", "descent", ROOT)
        try:
            yield podman
        finally:
            podman("rm", "--all", "--force", "--volumes", check=False)


def _skip(reason: str) -> None:
    """CI must run the image, so there it fails."""
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
    """Installs a Debian release into an archive, from the mirror and with the proxy of this machine's apt."""
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

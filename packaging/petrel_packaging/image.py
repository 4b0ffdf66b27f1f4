"""Builds an OCI image without a daemon: python3 -m petrel_packaging.image BINARY FILE.tar

The image holds the binary, the shared libraries that it needs, CA certificates and time zones, and nothing else: no
shell, no package manager. The file is an OCI image layout, for `skopeo`, `podman load` and registries, with the
manifest of a docker archive beside it, for `docker load`. The same inputs give the same bytes.
"""

import gzip
import hashlib
import io
import json
import os
import pathlib
import platform
import subprocess
import sys
import tarfile
import tempfile

from petrel_packaging.linked import REPOSITORY, epoch, libraries, output, package

USER = 65532
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
CONFIGURATION = """\
# The configuration of the image: mount your own at /etc/petrel, with the workflows beside it.
data: /var/lib/petrel
listen: 0.0.0.0:8080
admin: { listen: 127.0.0.1:8081, auth: token }   # PETREL_ADMIN_LISTEN=0.0.0.0:8081 opens it
workflows: /etc/petrel/workflows
hooks: {}
"""
ACCOUNTS = f"root:x:0:0:root:/:/sbin/nologin\npetrel:x:{USER}:{USER}:petrel:/var/lib/petrel:/sbin/nologin\n"
GROUPS = f"root:x:0:\npetrel:x:{USER}:\n"


class Layer:
    """A layer's files, written in the order of their names, all of one time."""

    def __init__(self, time):
        self.time = time
        self.entries = {}

    def folder(self, path, mode=0o755, owner=0):
        if not path:
            return
        self.folder(os.path.dirname(path))
        self.entries.setdefault(path, (tarfile.DIRTYPE, b"", mode, owner))

    def file(self, path, content, mode=0o644):
        self.folder(os.path.dirname(path))
        self.entries[path] = (tarfile.REGTYPE, content, mode, 0)

    def link(self, path, target):
        self.folder(os.path.dirname(path))
        self.entries[path] = (tarfile.SYMTYPE, target.encode(), 0o777, 0)

    def tree(self, source):
        """A folder of this machine, at its place; what is linked to is there as well, or left out."""
        for folder, _, names in os.walk(source):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    self.file(path.lstrip("/"), pathlib.Path(path).read_bytes())

    def archive(self):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, (kind, content, mode, owner) in sorted(self.entries.items()):
                entry = tarfile.TarInfo(path)
                entry.type, entry.mode, entry.uid, entry.gid, entry.mtime = kind, mode, owner, owner, self.time
                if kind == tarfile.SYMTYPE:
                    entry.linkname = content.decode()
                    archive.addfile(entry)
                else:
                    entry.size = len(content)
                    archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def foundation(binary, time):
    """What changes with Debian only: libraries, certificates, zones, accounts."""
    layer = Layer(time)
    for link, target in (("lib", "usr/lib"), ("lib64", "usr/lib64"), ("bin", "usr/bin"), ("sbin", "usr/sbin")):
        layer.link(link, target)
        layer.folder(target)
    packages = {"ca-certificates", "tzdata"}
    triplet = f"{platform.machine()}-linux-gnu"
    for name, path in libraries(binary).items():
        place = "usr/lib64" if name.startswith("ld-linux-x86-64") else f"usr/lib/{triplet}"
        layer.file(f"{place}/{name}", pathlib.Path(path).read_bytes(), 0o755)
        packages.add(package(path))
    if platform.machine() == "aarch64":
        layer.link("usr/lib/ld-linux-aarch64.so.1", f"{triplet}/ld-linux-aarch64.so.1")
    layer.file("etc/ssl/certs/ca-certificates.crt", pathlib.Path("/etc/ssl/certs/ca-certificates.crt").read_bytes())
    layer.tree("/usr/share/zoneinfo")
    layer.file("etc/passwd", ACCOUNTS.encode())
    layer.file("etc/group", GROUPS.encode())
    layer.file("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    layer.file("etc/os-release", pathlib.Path("/etc/os-release").read_bytes())
    for name in sorted(packages):
        # What scanners look for in an image without a package manager, and what the licences ask for.
        layer.file(f"var/lib/dpkg/status.d/{name}", (output("dpkg-query", "-s", name) + "\n").encode())
        copyright = pathlib.Path(f"/usr/share/doc/{name}/copyright")
        layer.file(f"usr/share/doc/{name}/copyright", copyright.read_bytes())
    layer.folder("tmp", 0o1777)
    return layer


def product(binary, time):
    """What changes with Petrel."""
    layer = Layer(time)
    layer.file("usr/bin/petrel", stripped(binary), 0o755)
    layer.file("etc/petrel/petrel.yaml", CONFIGURATION.encode())
    layer.folder("etc/petrel/workflows")
    layer.file("usr/share/doc/petrel/LICENSE", (REPOSITORY / "LICENSE").read_bytes())
    layer.folder("var/lib/petrel", 0o700, USER)
    return layer


def stripped(binary):
    with tempfile.NamedTemporaryFile() as target:
        subprocess.check_call(["strip", "--strip-unneeded", "-o", target.name, binary])
        return pathlib.Path(target.name).read_bytes()


class Layout:
    """The blobs of an OCI image layout, by digest."""

    def __init__(self):
        self.files = {}

    def add(self, content, media):
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(content)}

    def add_json(self, value, media):
        return self.add(json.dumps(value, indent=1, sort_keys=True).encode(), media)


def configuration(version, created, layers, history):
    labels = {
        "org.opencontainers.image.title": "petrel",
        "org.opencontainers.image.description": "A durable webhook relay in one small binary.",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "MIT",
        "org.opencontainers.image.created": created,
        "org.opencontainers.image.revision": output("git", "rev-parse", "HEAD"),
    }
    return {
        "created": created,
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "Env": ["PATH=/usr/bin"],
            "Entrypoint": ["/usr/bin/petrel"],
            "Cmd": ["serve", "--config", "/etc/petrel/petrel.yaml"],
            "WorkingDir": "/var/lib/petrel",
            "Volumes": {"/var/lib/petrel": {}},
            "ExposedPorts": {"8080/tcp": {}, "8081/tcp": {}},
            "StopSignal": "SIGTERM",
            "Labels": labels,
            # Docker's own: OCI knows none and passes it over.
            "Healthcheck": {
                "Test": ["CMD", "/usr/bin/petrel", "status"],
                "Interval": 10_000_000_000, "Timeout": 5_000_000_000, "Retries": 3,
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(one).hexdigest()}" for one in layers]},
        "history": [{"created": created, "created_by": words} for words in history],
    }


def image(binary, time):
    version = output(binary, "--version")
    created = output("date", "-u", "-d", f"@{time}", "+%Y-%m-%dT%H:%M:%SZ")
    layers = [foundation(binary, time).archive(), product(binary, time).archive()]
    layout = Layout()
    packed = [
        layout.add(gzip.compress(layer, 9, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for layer in layers
    ]
    described = layout.add_json(
        configuration(version, created, layers, ["libraries, certificates, zones", f"petrel {version}"]),
        "application/vnd.oci.image.config.v1+json")
    manifest = layout.add_json(
        {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": described, "layers": packed,
        }, "application/vnd.oci.image.manifest.v1+json")
    manifest["annotations"] = {"org.opencontainers.image.ref.name": version, "io.containerd.image.name": f"petrel:{version}"}
    layout.files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    layout.files["index.json"] = json.dumps(
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]},
        sort_keys=True).encode()

    def blob(one):
        return "blobs/" + one["digest"].replace(":", "/")

    layout.files["manifest.json"] = json.dumps(
        [{"Config": blob(described), "RepoTags": [f"petrel:{version}"], "Layers": [blob(one) for one in packed]}]).encode()
    return layout.files


def main(binary, target):
    time = epoch()
    archive = Layer(time)
    for path, content in image(os.path.realpath(binary), time).items():
        archive.file(path, content)
    pathlib.Path(target).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(target).write_bytes(archive.archive())
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

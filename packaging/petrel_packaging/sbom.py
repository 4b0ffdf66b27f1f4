"""Lists what is in a binary, as CycloneDX 1.6: python3 -m petrel_packaging.sbom BINARY FILE.json

Debian's packages of the shared libraries, with their versions on this machine; what is linked statically; and who asks
for whom. The same inputs give the same bytes.
"""

import datetime
import hashlib
import json
import pathlib
import sys
import uuid

from petrel_packaging.linked import REPOSITORY, epoch, field, libraries, needed, output, package

# Debian's packages of which an archive is linked into the binary.
ARCHIVES = ["liblua5.4-dev"]


def release():
    """The distribution, as package URLs name it: debian-12."""
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    return values["ID"].strip('"'), values["VERSION_ID"].strip('"')


def component(kind, name, version, purl, linked, **more):
    return {
        "type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "properties": [{"name": "petrel:linked", "value": linked}], **more,
    }


def debian(name, linked):
    identifier, number = release()
    version = field(name, "Version")
    purl = f"pkg:deb/{identifier}/{name}@{version.replace(':', '%3A').replace('+', '%2B')}" \
        f"?arch={field(name, 'Architecture')}&distro={identifier}-{number}"
    source = field(name, "source:Package")
    return component("library", name, version, purl, linked, group="Debian", description=f"of the source package {source}")


def swift():
    """The runtime and the standard library."""
    words = output("swift", "--version").split("Swift version ")[1].split()
    return component(
        "library", "swift-runtime", words[0], f"pkg:github/swiftlang/swift@swift-{words[0]}-RELEASE", "statically",
        licenses=[{"license": {"id": "Apache-2.0"}}])


def pins():
    """The Swift packages, as they were resolved for this build."""
    for pin in json.loads((REPOSITORY / "Package.resolved").read_text())["pins"]:
        place = pin["location"].removeprefix("https://").removesuffix(".git")
        state = pin["state"]
        yield component(
            "library", pin["identity"], state["version"], f"pkg:swift/{place}@{state['version']}", "statically",
            licenses=[{"license": {"id": "Apache-2.0"}}],
            externalReferences=[{"type": "vcs", "url": pin["location"], "comment": state["revision"]}])


def graph(binary, product, shared, inside):
    """Who asks for whom, by package."""
    paths = libraries(binary)
    owners = {name: package(path) for name, path in paths.items()}
    asks = {one["bom-ref"]: set() for one in shared.values()}
    for name, path in paths.items():
        reference = shared[owners[name]]["bom-ref"]
        asks[reference] |= {shared[owners[other]]["bom-ref"] for other in needed(path)} - {reference}
    direct = {shared[owners[name]]["bom-ref"] for name in needed(binary)} | {one["bom-ref"] for one in inside}
    asks[product] = direct
    asks.update({one["bom-ref"]: set() for one in inside})
    return [{"ref": reference, "dependsOn": sorted(others)} for reference, others in sorted(asks.items())]


def bill(binary):
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    version = output(str(binary), "--version")
    product = {
        "type": "application", "bom-ref": f"pkg:generic/petrel@{version}", "name": "petrel", "version": version,
        "purl": f"pkg:generic/petrel@{version}", "licenses": [{"license": {"id": "MIT"}}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
    owners = sorted({package(path) for path in libraries(binary).values()})
    shared = {name: debian(name, "shared") for name in owners}
    inside = [swift(), *pins(), *(debian(name, "statically") for name in ARCHIVES)]
    created = datetime.datetime.fromtimestamp(epoch(), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "metadata": {
            "timestamp": created, "component": product,
            "properties": [{"name": "petrel:revision", "value": output("git", "rev-parse", "HEAD")}],
        },
        "components": inside + list(shared.values()),
        "dependencies": graph(binary, product["bom-ref"], shared, inside),
    }


def main(binary, target):
    pathlib.Path(target).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(target).write_text(json.dumps(bill(pathlib.Path(binary).resolve()), indent=2) + "\n")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

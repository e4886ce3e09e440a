"""The image and the composition of one machine say what the program does; building them needs a Docker engine."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config.settings import Settings, unknown_variables
from indexer.opensearch_engine.storage.address import Address

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = ROOT / "compose.yaml"
CLUSTER = ROOT / "compose.cluster.yaml"


def instructions(name: str) -> list[str]:
    """The arguments of all instructions of a name, each in one line."""
    return re.findall(rf"(?m)^{name} +(.+)$", re.sub(r"\\\n\s*", "", DOCKERFILE))


def image_variables() -> dict[str, str]:
    pairs = (pair.partition("=") for line in instructions("ENV") for pair in line.split())
    return {name: value for name, _, value in pairs if name.startswith("NEWSSTAND_")}


def service() -> dict[str, Any]:
    composition: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    assert set(composition) == {"services", "volumes"}
    [(_, only)] = composition["services"].items()
    assert only["volumes"][-1].split(":")[0] in composition["volumes"]
    return dict(only)


def test_the_image_has_a_user_by_number_who_owns_the_index() -> None:
    [user] = instructions("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--chown={user} /srv/newsstand /srv/newsstand" in DOCKERFILE


def test_the_index_is_a_volume() -> None:
    assert instructions("VOLUME") == [image_variables()["NEWSSTAND_INDEX"]]


def test_the_image_sets_what_is_a_setting() -> None:
    assert unknown_variables(image_variables()) == []
    assert instructions("EXPOSE") == [image_variables()["NEWSSTAND_PORT"]]


def test_the_labels_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', DOCKERFILE))
    assert labels == {
        "title": "Newsstand",
        "description": project["description"],
        "version": project["version"],
        "licenses": project["license"],
    }


def test_the_folders_that_are_copied_are_sent_to_the_engine() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {path for line in instructions("COPY") if not line.startswith("--from") for path in line.split()[:-1]}
    assert copied == sent
    assert all((ROOT / path).exists() for path in copied)


def test_the_composition_mounts_what_the_image_names() -> None:
    image, composed = image_variables(), service()
    mounts = [volume.split(":")[1] for volume in composed["volumes"]]
    assert mounts == [image["NEWSSTAND_CONTENT"], image["NEWSSTAND_INDEX"]]
    assert composed["ports"][0].endswith(f":{image['NEWSSTAND_PORT']}")
    assert unknown_variables(composed["environment"]) == []
    named = set(re.findall(r"NEWSSTAND_\w+", COMPOSE.read_text("utf-8")))
    assert unknown_variables(dict.fromkeys(named, "")) == []


def test_a_container_has_time_to_drain() -> None:
    settings = Settings()
    assert settings.drain_seconds + settings.shutdown_seconds < int(service()["stop_grace_period"].removesuffix("s"))


def test_the_gateways_of_a_cluster_have_its_index_and_no_content_of_their_own() -> None:
    composition = yaml.safe_load(CLUSTER.read_text("utf-8"))
    nodes = {name for name in composition["services"] if name.startswith("node-")}
    gateways = [each for name, each in composition["services"].items() if name.startswith("gateway-")]
    assert (len(nodes), len(gateways)) == (3, 2)
    [builder] = [each for name, each in composition["services"].items() if name == "builder"]
    for each in (builder, *gateways):
        address = Address.of_url(each["environment"]["NEWSSTAND_INDEX"])
        assert {host for host, _ in address.hosts} == nodes
        assert unknown_variables(each["environment"]) == []
    image = image_variables()
    assert [volume.split(":")[1] for volume in builder["volumes"]] == [image["NEWSSTAND_CONTENT"]]
    for gateway in gateways:
        assert "volumes" not in gateway
        assert not gateway["environment"]["NEWSSTAND_CONTENT"].startswith(image["NEWSSTAND_CONTENT"])
        assert gateway["ports"][0].endswith(f":{image['NEWSSTAND_PORT']}")
    [extra] = {each["build"]["args"]["EXTRA"] for each in (builder, *gateways)}
    assert extra in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert instructions("ARG")[0] == "EXTRA="


@pytest.mark.parametrize("file", [COMPOSE, CLUSTER], ids=lambda file: file.name)
def test_docker_takes_the_composition(file: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run((docker, "compose", "version"), capture_output=True, check=False).returncode:  # noqa: S603 - Docker
        pytest.skip("docker compose is not installed")
    command = (docker, "compose", "--file", str(file), "config", "--quiet")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    assert (done.returncode, done.stderr) == (0, "")

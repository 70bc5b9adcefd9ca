"""What Django, allauth, django-tenants and Celery leave open, what closes it here, and the test that says so if it does not.

    python -m tests.traps            # or make traps: opens each again in a copy of the project, and sees its test fail
    python -m tests.traps vault      # only those whose name begins so

A row names the line that closes the trap, what stands there instead while it is open, and a test. That line and test are there is
checked by tests/test_traps.py in every run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", "*_cache", ".hypothesis", "docs")


@dataclass(frozen=True, slots=True)
class Trap:
    """A default that is dangerous: in `file`, `closed` closes it, and `test` fails once `opened` stands there."""

    name: str
    file: str
    closed: str
    opened: str
    test: str


SIGN_IN = "tests/practices/test_sign_in.py::"
FACTORS = "tests/practices/test_second_factor.py::"
VAULT = "tests/practices/test_vault.py::"
ISOLATION = "tests/test_isolation.py::"
IMPORT = "tests/content/test_import_pages.py::"
TRAPS = (
    Trap(
        "signed: a confirmation link holds at every clinic",
        "config/settings.py",
        "ACCOUNT_EMAIL_CONFIRMATION_HMAC = False",
        "ACCOUNT_EMAIL_CONFIRMATION_HMAC = True",
        SIGN_IN + "test_the_settings_that_the_traps_need",
    ),
    Trap(
        "signed: a mark of one clinic holds at another",
        "practices/accounts/page_marks.py",
        'return f"page of {current_clinic().pk}"',
        'return "page"',
        "tests/practices/test_sign_in_again.py::test_pages_that_are_no_clients_own_get_no_code",
    ),
    Trap(
        "schema: a clinic that lacks a table works on public",
        "practices/tenancy.py",
        "return clinic.status == Clinic.Status.OPEN and is_served(clinic)",
        "return clinic.status == Clinic.Status.OPEN",
        ISOLATION + "test_a_clinic_that_is_not_migrated_answers_503",
    ),
    Trap(
        "schema: a row is written into another clinic",
        "practices/models.py",
        "if home != connection.schema_name:",
        "if not home:",
        ISOLATION + "test_a_row_loaded_in_one_clinic_is_never_written_into_another",
    ),
    Trap(
        "cache: clinics share what they keep",
        "config/settings.py",
        '"KEY_FUNCTION": "django_tenants.cache.make_key",',
        "",
        ISOLATION + "test_a_cached_value_belongs_to_its_clinic",
    ),
    Trap(
        "cache: clinics share their limits",
        "config/settings.py",
        '"KEY_FUNCTION": "django_tenants.cache.make_key",',
        "",
        "tests/test_interleaving.py::test_a_limit_that_is_used_up_at_one_clinic_is_whole_at_the_other",
    ),
    Trap(
        "redirect: next leads to a sibling clinic",
        "practices/accounts/adapter.py",
        "allowed_hosts={current.request.get_host()}",
        'allowed_hosts={"south.localhost"}',
        SIGN_IN + "test_next_never_leads_to_a_sibling_clinic_or_abroad",
    ),
    Trap(
        "cookies: siblings get each other's",
        "config/settings.py",
        'SESSION_COOKIE_SAMESITE = "Lax"',
        'SESSION_COOKIE_DOMAIN = CSRF_COOKIE_DOMAIN = ".localhost"',
        SIGN_IN + "test_no_cookie_names_a_domain",
    ),
    Trap(
        "sessions: a closed account keeps its",
        "practices/accounts/services/accounts.py",
        """    if User.objects.filter(pk=user.pk, is_active=True).update(**closed):
        end_sessions(user)""",
        "    if User.objects.filter(pk=user.pk, is_active=True).update(**closed):",
        "tests/practices/test_accounts.py::test_closing_an_account_ends_its_sessions_for_good",
    ),
    Trap(
        "sessions: opening the account again revives what was written meanwhile",
        "practices/accounts/services/accounts.py",
        """update(is_active=True, leaves_at=None):
        end_sessions(user)""",
        "update(is_active=True, leaves_at=None):",
        "tests/practices/test_accounts.py::test_a_session_written_while_the_account_was_closed_is_not_revived",
    ),
    Trap(
        "admin: its own sign-in knows no second step and no limit",
        "config/admin_site.py",
        "    @method_decorator(secure_admin_login)\n",
        "",
        SIGN_IN + "test_the_admin_s_own_sign_in_is_the_guarded_one",
    ),
    Trap(
        "admin: packages bring admins that no grant guards",
        "config/admin_site.py",
        "if admin_class is not None and issubclass(admin_class, GrantedAdmin):",
        "if admin_class is not None:",
        "tests/test_access_matrix.py::test_every_address_is_in_the_table",
    ),
    Trap(
        "sign-up: open on every clinic's host",
        "practices/accounts/adapter.py",
        """def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False""",
        """def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True""",
        SIGN_IN + "test_sign_up_is_closed_to_everybody",
    ),
    Trap(
        "second step: staff are let in without one",
        "practices/accounts/adapter.py",
        '"practices.accounts.stages.SetUpStage",',
        "",
        FACTORS + "test_without_a_second_factor_the_password_leads_only_to_setting_one_up",
    ),
    Trap(
        "second step: seeds lie in clear",
        "practices/accounts/factors.py",
        'data = {"secret": seal_seed(seed, user=user)}',
        'data = {"secret": seed}',
        FACTORS + "test_a_seed_lies_sealed_while_it_is_set_up_and_after",
    ),
    Trap(
        "second step: a passkey holds at siblings",
        "practices/accounts/mfa_adapter.py",
        '"id": current.request.get_host().partition(":")[0]',
        '"id": "localhost"',
        SIGN_IN + "test_a_passkey_s_questions_name_nobody",
    ),
    Trap(
        "proxy: clients say themselves where they are",
        "practices/accounts/addresses.py",
        "hops[-proxies] if proxies and len(hops) >= proxies",
        "hops[0] if hops",
        SIGN_IN + "test_an_address_that_a_client_writes_itself_is_never_believed",
    ),
    Trap(
        "mail: a server that hangs holds up everything",
        "config/settings.py",
        "EMAIL_TIMEOUT = 10",
        "EMAIL_TIMEOUT = None",
        SIGN_IN + "test_the_settings_that_the_traps_need",
    ),
    Trap(
        "mail: links follow whatever host was asked",
        "practices/tenancy.py",
        "get(tenant_id=clinic.pk, is_primary=True)",
        "filter(tenant_id=clinic.pk, is_primary=False).first()",
        "tests/practices/test_outbox.py::test_a_mail_names_the_clinic_and_links_to_its_primary_host",
    ),
    Trap(
        "messages: a cookie holds readable text",
        "config/settings.py",
        'MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"',
        'MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"',
        SIGN_IN + "test_the_settings_that_the_traps_need",
    ),
    Trap(
        "input: what can't be stored is a 500",
        "practices/posted.py",
        'return "\\x00" in text or any("\\ud800" <= character <= "\\udfff" for character in text)',
        "return False",
        "tests/test_hostile.py::test_no_address_answers_hostile_input_with_a_fault",
    ),
    Trap(
        "migrations: one bad clinic stops the others",
        "practices/migrating.py",
        """    except Exception as failure:  # noqa: BLE001 - one clinic's failure must not stop the others
        error = f"{type(failure).__name__}: {failure}\"""",
        """    except ZeroDivisionError as failure:
        error = f"{type(failure).__name__}: {failure}\"""",
        "tests/practices/test_migrating.py::test_of_ten_clinics_two_that_are_bad_stop_none_of_the_others",
    ),
    Trap(
        "clock: days follow UTC, and an hour is lost or doubled",
        "clients/recurrence.py",
        "datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)",
        "datetime.combine(day, clock, tzinfo=UTC)",
        "tests/clients/test_assigning.py::test_each_day_opens_at_seven_by_the_clients_own_clock_also_across_a_change_of_it",
    ),
    Trap(
        "chain: links break when many write at once",
        "practices/audit/migrations/0003_chain.py",
        "audit_auditchain FOR UPDATE', TG_TABLE_SCHEMA) INTO STRICT head",
        "audit_auditchain', TG_TABLE_SCHEMA) INTO STRICT head",
        "tests/practices/test_audit_chain.py::test_many_at_once_make_one_chain",
    ),
    Trap(
        "vault: a value moved to another row opens",
        "practices/vault/sealing.py",
        "FORMAT + self.clinic.bytes + self.row.bytes + key_id + names_of",
        "FORMAT + self.clinic.bytes + key_id + names_of",
        VAULT + "test_a_value_planted_in_another_row_does_not_open",
    ),
    Trap(
        "vault: a value moved to another clinic opens",
        "practices/vault/sealing.py",
        "FORMAT + self.clinic.bytes + self.row.bytes + key_id + names_of",
        "FORMAT + self.row.bytes + key_id + names_of",
        VAULT + "test_a_value_moved_elsewhere_does_not_open",
    ),
    Trap(
        "vault: text that was planted is given out",
        "practices/vault/sealing.py",
        'raise VaultError("A sealed value does not open here.") from None',
        "return sealed[TEXT]",
        VAULT + "test_planted_text_opens_nothing",
    ),
    Trap(
        "input: a large form is read before it is known who sends it",
        "practices/posted.py",
        "late.reads_late = late.csrf_exempt = True",
        "late.reads_late = late.csrf_exempt = False",
        IMPORT + "test_more_than_most_pages_take_is_taken_here",
    ),
    Trap(
        "input: another site's page brings a large form",
        "practices/posted.py",
        "protected = csrf_protect(view)",
        "protected = view",
        IMPORT + "test_another_site_s_page_can_bring_nothing",
    ),
    Trap(
        "input: an XML file brings rules of its own, and names files of ours",
        "content/wordpress/reading.py",
        "parser.StartDoctypeDeclHandler = self.refuse_doctype",
        "parser.StartDoctypeDeclHandler = None",
        "tests/content/test_wordpress_reading.py::test_what_is_no_export_is_refused_with_its_place",
    ),
)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def chosen(beginning: str) -> list[Trap]:
    return [trap for trap in TRAPS if trap.name.startswith(beginning)]


def fails_when_open(trap: Trap, copy: Path) -> bool:
    """Whether the test fails, for a reason of its own, while the trap is open in this copy of the project."""
    file = copy / trap.file
    text = file.read_text()
    file.write_text(text.replace(trap.closed, trap.opened, 1))
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", trap.test]
        done = subprocess.run(command, cwd=copy, env=os.environ, capture_output=True, text=True, check=False)
        return done.returncode == 1
    finally:
        file.write_text(text)


def main(beginning: str = "") -> int:
    traps = chosen(beginning)
    silent = []
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "project"
        shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
        for number, trap in enumerate(traps, 1):
            is_seen = fails_when_open(trap, copy)
            say(f"{number} of {len(traps)}  {'seen  ' if is_seen else 'UNSEEN'}  {trap.name}")
            if not is_seen:
                silent.append(trap.name)
    say(f"{len(traps) - len(silent)} seen, {len(silent)} unseen")
    return bool(silent)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))

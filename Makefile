# What a newcomer needs: `make demo` and `make test`. Works with GNU make 3.81 (macOS) and later.

.PHONY: demo demo-reset test traps bench screenshots lock clean install install-dev

MANAGE = .venv/bin/python manage.py
COMPILE = uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-annotate

# Servers, two clinics with people in them, web, worker, beat and mail on this machine; PORT=9000 make demo moves the port.
demo: install
	@exec $(MANAGE) demo --with-parent

# The same from nothing: whatever the demo kept is deleted first.
demo-reset: install
	@exec $(MANAGE) demo --with-parent --reset

# Every gate, then every test; COVERAGE=1 also says how much of the code they run, which costs a third more time.
test: install-dev
	$(MANAGE) gates
	.venv/bin/python -m pytest -n 2 --dist worksteal $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

# Open each trap of tests/traps.py again, in a copy, and see its test fail; takes some minutes.
traps: install-dev
	.venv/bin/python -m tests.traps

# How fast pages are, as ratios, on the demo's own server.
bench: install-dev
	$(MANAGE) bench

# Write the pictures in docs/.
screenshots: install-dev
	$(MANAGE) screenshots

# Lock what pyproject.toml asks for; needs uv.
lock:
	$(COMPILE) --extra demo --output-file requirements/base.txt pyproject.toml
	$(COMPILE) --extra production --constraint requirements/base.txt --output-file requirements/production.txt pyproject.toml
	$(COMPILE) --extra demo --extra dev --output-file requirements/dev.txt pyproject.toml

# Remove what tools left behind; the demo's data stays.
clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* test-results
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

install:
	@sh config/embedded/install.sh base

install-dev:
	@sh config/embedded/install.sh dev

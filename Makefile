# Settings of this shell that would mislead Python or uv.
SHELL = /bin/bash -o pipefail
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_REQUIRE_VIRTUALENV
# The first that really runs: version managers put names on PATH that fail.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY = .venv/bin/python
SYNC = .venv/bin/uv pip sync -q --python $(PY) --require-hashes
LOCK = .venv/bin/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header
LANGUAGES = $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
READY = var/assets/echarts/echarts.esm.min.js $(LANGUAGES)

.PHONY: run test prove bench lint types messages screenshots lock
run: .venv/run $(READY)  ## everything on this machine: make run [PORT=8000] [DEMO=0]
	@$(PY) run.py
test: lint types $(READY)  ## what CI runs; ARGS="-k word -x" for a part of it
	@DEBUG=1 $(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pytest -n 2 --cov --cov-report=term:skip-covered $(if $(ARGS),$(ARGS),--cov-fail-under=90)
prove: .venv/dev $(READY)  ## the long proofs; their log goes to docs/evidence/
	@mkdir -p docs/evidence && $(PY) -m pytest -m prove -v --no-header -p no:randomly $(ARGS) | tee docs/evidence/prove.log
bench: .venv/dev $(READY)
	@$(PY) -m benchmarks $(ARGS)
lint: .venv/dev
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && .venv/bin/lint-imports --no-logo
	@.venv/bin/djlint templates --lint --quiet
types: .venv/dev
	@DEBUG=1 $(PY) -m mypy .
messages: .venv/dev  ## collect the texts to translate (needs gettext)
	@DEBUG=1 $(PY) manage.py makemessages --all -e html,txt,py,mjml -i 'var*' -i 'tests*' -i '.venv*'
screenshots: .venv/dev  ## pictures of the demo that runs (make run) at ARGS=http://127.0.0.1:8000
	@$(PY) -m tests.screenshots $(ARGS)
lock: .venv/bin/uv
	@$(LOCK) -o requirements.txt && $(LOCK) --group dev -o requirements-dev.txt
.venv/bin/uv: requirements-uv.txt
	@PYTHON="$(PYTHON)" sh .ci/venv
.venv/run: requirements.txt .venv/bin/uv
	@$(SYNC) $(if $(wildcard .venv/dev),requirements-dev.txt,$<) && touch $@
.venv/dev: requirements-dev.txt .venv/bin/uv
	@$(SYNC) $< && touch $@ .venv/run
var/assets/echarts/%.js: requirements-assets.txt .venv/bin/uv
	@.venv/bin/uv pip install -q --python $(PY) --require-hashes --no-deps --target var/carrier -r $<
	@mkdir -p $(@D) && cp var/carrier/instaui_echarts/static/$(@F) $@
%.mo: %.po .venv/bin/uv
	@.venv/bin/pybabel -q compile -f -i $< -o $@

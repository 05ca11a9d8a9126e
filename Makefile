# `make demo` and `make test` set everything up; uv is used when present, else venv and pip.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint clean
setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --clear --python $(PYTHON) .venv && uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
		$(PYTHON) -m venv --clear .venv && $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps -e . ; \
	fi
	@touch .venv/ready

demo: setup
	$(BIN)/islandflow plan data/zhoushan --service summer-weekend --preset standard --out out/zhoushan

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv out

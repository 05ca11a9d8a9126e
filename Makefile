# `make demo` and `make test` set everything up; uv is used when present, else venv and pip.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint bench-ferry bench-siting bench-mdvsp bench-shuttle bench-api clean
setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --clear --python $(PYTHON) .venv && uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
		$(PYTHON) -m venv --clear .venv && $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps -e . ; \
	fi
	@echo "compiling the kernels, once (about two minutes)" && $(BIN)/python -m solvers.ferry.warm && $(BIN)/python -m solvers.shuttle.warm
	@touch .venv/ready

demo: setup
	$(BIN)/islandflow plan data/zhoushan --service summer-weekend --preset standard --out out/zhoushan

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# INSTANCES: a folder of public instances; CASES: a pattern of case names
bench-ferry: setup
	$(BIN)/python -m benchmarks.ferry --instances data/zhoushan --seconds 600 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-ferry.csv

# seconds for each case and competitor, by group of cases; one file, resumed where it stopped
bench-siting: setup
	@set -f; for part in 30:pmed* 120:rl1304* 60:cover-* 240:roads-10000-*; do \
		$(BIN)/python -m benchmarks.siting --instances $(INSTANCES) --seconds $${part%%:*} --seed 1 --cases "$${part#*:}" --out out/bench-siting.csv || exit 1; \
	done

bench-mdvsp: setup
	$(BIN)/python -m benchmarks.mdvsp --instances $(INSTANCES) --seconds 180 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-mdvsp.csv

# INSTANCES is the folder that holds multitrip/ and darp/
bench-shuttle: setup
	$(BIN)/python -m benchmarks.darp --instances $(INSTANCES)/darp --seconds 60 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-shuttle-darp.csv
	$(BIN)/python -m benchmarks.multitrip --instances $(INSTANCES)/multitrip --seconds 60 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-shuttle-multitrip.csv --solvers islandflow,pyvrp
	$(BIN)/python -m benchmarks.multitrip --instances $(INSTANCES)/multitrip --seconds 600 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-shuttle-multitrip-bound.csv --solvers islandflow-bound
	$(BIN)/python -m benchmarks.islanddays --instances benchmarks --seconds 300 --seed 1 --cases "$(or $(CASES),*)" --out out/bench-shuttle-islanddays.csv

bench-api: setup
	$(BIN)/islandflow plan data/zhoushan --service summer-weekend --time-limit 60 --out out/bench-api
	npm install --silent --no-save --prefix .venv/node minotor@1.0.7
	NODE_PATH=.venv/node/node_modules $(BIN)/python -m benchmarks.journeys --instances out/bench-api --seconds 60 --seed 1 --out out/bench-api-journeys.csv
	$(BIN)/python -m benchmarks.itineraries --instances out/bench-api --seconds 1 --seed 1 --out out/bench-api-trips.csv
	$(BIN)/python -m benchmarks.cancel --instances data/zhoushan --seconds 30 --seed 1 --out out/bench-api-cancel.csv
	$(BIN)/python -m benchmarks.load --instances out/bench-api --seconds 30 --seed 1 --out out/bench-api-load.csv
	$(BIN)/python -m pytest -m slow tests/api

clean:
	rm -rf .venv out

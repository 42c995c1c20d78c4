# InfusionDesk: the commands of the house. Windows and macOS: see README.md.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
OUT ?= out
STAMP := $(VENV)/.set-up

# What Qt loads at run time, as the file that shows it is there and Debian's package that brings it.
BASE := libGL.so.1:libgl1 libEGL.so.1:libegl1 libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libglib-2.0.so.0:libglib2.0-0 libcups.so.2:libcups2
WINDOW := libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-shape.so.0:libxcb-shape0 libxkbcommon-x11.so.0:libxkbcommon-x11-0

.PHONY: setup libraries run test bench lock step clean

setup: libraries $(STAMP)

$(STAMP): requirements.lock
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	touch $@

libraries:
	@command -v apt-get >/dev/null || { echo "Not a Debian system: the libraries of Qt are expected to be there."; exit 0; }; \
	wanted="$(BASE)"; [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] || wanted="$$wanted $(WINDOW)"; missing=""; \
	for pair in $$wanted; do /sbin/ldconfig -p | grep -q "$${pair%%:*}" || missing="$$missing $${pair##*:}"; done; \
	[ -n "$$missing" ] || exit 0; \
	as=""; [ "$$(id -u)" = 0 ] || as="sudo "; \
	line="$${as}apt-get update && $${as}apt-get install -y --no-install-recommends$$missing"; \
	echo "Qt needs system libraries: $$line"; \
	if [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then DEBIAN_FRONTEND=noninteractive bash -c "$$line" >/dev/null; else echo "Run that line, then try again."; exit 1; fi

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		test -e $(OUT)/demo/demo.idesk || $(PY) main.py demo --into $(OUT)/demo; \
		$(PY) main.py open --store $(OUT)/demo/demo.idesk; \
	else \
		echo "There is no display here: every screen is drawn to PNG and every paper to PDF instead."; \
		rm -rf $(OUT)/demo $(OUT)/pictures && $(PY) main.py demo --into $(OUT)/demo && \
		QT_QPA_PLATFORM=offscreen $(PY) main.py pictures --store $(OUT)/demo/demo.idesk --into $(OUT)/pictures; \
	fi

test: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

bench: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest tests/bench -m bench -s -p no:xdist -o addopts="--strict-markers --import-mode=importlib -p no:cacheprovider"

step: setup
	$(PY) -m infusiondesk.app.new_step $(NAME)

lock:
	folder=$$(mktemp -d) && $(PYTHON) -m venv $$folder && $$folder/bin/pip install --quiet uv && \
	$$folder/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header -o requirements.lock && rm -r $$folder

clean:
	rm -rf $(OUT) $(VENV) .mypy_cache .ruff_cache .import_linter_cache

# The same install steps as scripts/serve, in two stages; CPU only, non-root, no network at run time.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir uv==0.13.9 \
 && .venv/bin/uv pip install --no-cache --python .venv/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY service service
COPY models models
RUN .venv/bin/uv pip install --no-cache --python .venv/bin/python --no-deps -e . \
 && .venv/bin/python -m pip uninstall --yes uv

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 songngu && install -d -o songngu /data
WORKDIR /app
COPY --from=build /app /app
USER songngu
ENV PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 SONGNGU_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
# Other machines are served only with a sign-in or API key: set SONGNGU_ADMIN_PASSWORD on the first run.
ENTRYPOINT [".venv/bin/songngu", "serve", "--host", "0.0.0.0", "--port", "8000"]

# syntax=docker/dockerfile:1

FROM python:3.13-slim AS build
WORKDIR /srv/descent
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# What is depended on changes seldom: it is installed before the code is there, so that the layer is kept.
COPY requirements-cluster.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-cluster.lock

FROM python:3.13-slim
# Nothing is written but what is under /state, which is the one volume: run it with --read-only.
# The commands `dask scheduler` and `dask worker` find the code by PYTHONPATH. By `container`, the usual variable, `serve`
# knows that its own address is none for phones.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/srv/descent \
    PYTHONUNBUFFERED=1 \
    DESCENT_STATE_DIR=/state \
    container=oci
RUN useradd --system --uid 10001 --no-create-home descent \
    && install --directory --owner descent --group descent /state
WORKDIR /srv/descent
COPY --from=build /venv /venv
COPY LICENSE ./
COPY data data
COPY models models
COPY templates templates
COPY static static
COPY app app
USER 10001
VOLUME /state
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0", "--port", "8000"]

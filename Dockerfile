# The notebooks with the exact package set that recorded their outputs. See docker/README.md.
#
#   docker build .                      for a CPU
#   docker build --build-arg GPU=1 .    with TensorFlow's CUDA libraries
#   docker build --build-arg HUB=1 .    for JupyterHub; see docker/classroom/
#
# Python 3.11 on Debian bookworm is what the outputs were recorded with. A tag names a
# version, not one build: `make image-pin` adds the digest that a registry has for it.
ARG BASE_IMAGE=python:3.11.15-slim-bookworm
FROM ${BASE_IMAGE}

SHELL ["/bin/bash", "-euo", "pipefail", "-c"]

# tini reaps processes that kernels leave behind, and passes signals on. Both caches are
# mounts, so nothing of them stays in the image.
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && apt-get update \
    && apt-get install --yes --no-install-recommends tini=0.19.0-*

ENV LANG=C.UTF-8 \
    PATH=/opt/venv/bin:$PATH \
    VIRTUAL_ENV=/opt/venv

# This layer depends on the lock only: editing a notebook does not reinstall TensorFlow.
COPY requirements.txt /opt/dli/requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \
    python3 -m venv "$VIRTUAL_ENV" \
    && pip install --require-hashes --only-binary :all: --requirement /opt/dli/requirements.txt

# These files hold only what the lock does not, so that all images share the layer above.
# CUDA needs no base image of its own: the NVIDIA container toolkit lends the host's
# driver.
ARG GPU=0
ARG HUB=0
COPY docker/requirements-gpu.txt docker/requirements-hub.txt /opt/dli/
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \
    add() { \
        case "$2" in \
            0) ;; \
            1) pip install --require-hashes --only-binary :all: --no-deps \
                --requirement "/opt/dli/requirements-$1.txt" ;; \
            *) echo "the build argument for $1 is 0 or 1, not '$2'" >&2; exit 2 ;; \
        esac; \
    } \
    && add gpu "$GPU" \
    && add hub "$HUB"

# The entry point gives this account the ids of the owner of the mounted folder.
ARG READER_ID=1000
RUN groupadd --gid "$READER_ID" reader \
    && useradd --uid "$READER_ID" --gid reader --create-home --shell /bin/bash reader \
    && install --directory --owner reader --group reader /data /workspace

WORKDIR /workspace
COPY --chown=reader:reader . .
RUN pip install --no-deps --no-build-isolation --no-cache-dir --editable . \
    && python -m course kernels \
    && rm -rf build ./*.egg-info \
    && install --mode 0755 docker/entrypoint docker/healthcheck /opt/dli/

# No token here: the entry point makes one at every start unless JUPYTER_TOKEN is given.
ENV DLI_DATA_DIR=/data \
    DLI_ENV=current \
    OMP_WAIT_POLICY=passive \
    JUPYTER_RUNTIME_DIR=/tmp/jupyter-runtime \
    SHELL=/bin/bash

# Data sets outlive the container. quickdraw_data/ is a volume of compose.yaml only: named
# here, it would hide the folder of the same name in a clone mounted on /workspace.
VOLUME ["/data"]
EXPOSE 8888 6006
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
    CMD ["/opt/dli/healthcheck"]

# Starts as root only to take the ids of the mounted folder, then gives root up. With
# --user (or Kubernetes' runAsUser) it is never root.
ENTRYPOINT ["/usr/bin/tini", "-s", "-g", "--", "/opt/dli/entrypoint"]
CMD ["lab"]

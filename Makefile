# Every target sets up what it needs by itself; `python -m course VERB` does the same
# where there is no make. PYTHON is the Python that .venv is made from.
PYTHON ?= python3
NB ?=
PACE ?= quick
FOLDER ?=
BACKEND ?= tensorflow
JOBS ?=
PARTS ?=
AFRESH ?=
COURSE := $(PYTHON) -m course

.PHONY: help setup lab run test verify drills bench record data export doctor pytorch jax readme lock image image-pin image-check

help:
	@echo 'make run                 the whole curriculum at quick pace, with a table at the end'
	@echo 'make run NB=ch08 PACE=full   a part of it, or at full pace'
	@echo 'make test                unit tests, notebook rules, every notebook quickly (NB=ch08: a part)'
	@echo 'make lab                 JupyterLab on the notebooks'
	@echo 'make verify [NB=ch08]    every notebook at full pace against its recorded outputs'
	@echo 'make drills              faults and hostile input, in full; a quarter of an hour'
	@echo 'make bench               our trainings beside the printed ones (PARTS="dqn gan": some)'
	@echo 'make record NB=ch08      execute at full pace and store the outputs'
	@echo 'make doctor              one screen on this machine'
	@echo 'make data                fetch all data sets, and say what came from where'
	@echo 'make export FOLDER=dir   copy the data sets for a room without a network (DLI_MIRROR)'
	@echo 'make pytorch | jax       add PyTorch or JAX to .venv, and kernels with Keras on it'
	@echo 'make test BACKEND=jax    every notebook quickly with Keras on JAX (or torch); run takes it too'
	@echo 'make image               the Docker image; make image-check builds and tries it with buildah'
	@echo 'make image-pin           pin the base image to the digest that its registry tells'
	@echo 'make setup | readme | lock   .venv | the README table | the pinned packages'

setup:
	$(COURSE) setup
lab:
	$(COURSE) lab
run:
	$(COURSE) run $(NB) --pace $(PACE) --backend $(BACKEND) $(if $(JOBS),--jobs $(JOBS)) $(if $(AFRESH),--afresh)
test:
	$(COURSE) test $(NB) --backend $(BACKEND)
verify:
	$(COURSE) verify $(NB)
drills:
	$(COURSE) drills
bench:
	$(COURSE) bench $(PARTS)
record:
	$(COURSE) record $(NB)
data:
	$(COURSE) data fetch
export:
	$(COURSE) data export "$(FOLDER)"
doctor:
	$(COURSE) doctor
pytorch:
	$(COURSE) pytorch
jax:
	$(COURSE) jax
readme:
	$(COURSE) readme
lock:
	$(COURSE) lock
image:
	docker compose --file docker/compose.yaml --profile cpu build
image-pin:
	$(PYTHON) docker/image-pin
image-check:
	docker/image-check

# Every target sets up what it needs by itself; `python -m course VERB` does the same
# where there is no make. PYTHON is the Python that .venv is made from.
PYTHON ?= python3
NB ?=
PACE ?= trained
FOLDER ?=
BACKEND ?= tensorflow
JOBS ?=
PARTS ?=
AFRESH ?=
SHARD ?=
N ?= 10
UNDO ?=
NAME ?=
CLASSROOM ?=
COLLECT ?=
IP ?=
PLATFORMS ?=
COURSE := $(PYTHON) -m course

.PHONY: help setup lab run reset update progress data export classroom doctor pytorch jax test verify merge seeds record list drills bench editions lessons slides site readme lock environments image image-pin image-check

help:
	@$(COURSE) --help
	@echo
	@echo '`make VERB` is the same, with NB=ch08 for a part of the notebooks, and'
	@echo '  run     PACE=full (or quick) BACKEND=jax JOBS=1 AFRESH=1      test  BACKEND=jax'
	@echo '  reset   NB=lenet: a clean copy, yours is kept  UNDO=1: yours again'
	@echo '  progress FOLDER=dir: which exercises are right'
	@echo '  verify  SHARD=2/6: the second of six parts  AFRESH=1: also what has passed'
	@echo '  merge   FOLDER=dir: what the parts executed, with one table'
	@echo '  seeds   NB=lenet N=10: how far runs lie apart'
	@echo '  export  FOLDER=dir: copy the data sets for a room without a network'
	@echo '          CLASSROOM=1: packages and all else, too  PLATFORMS="linux windows"'
	@echo '  classroom  FOLDER=/srv/class IP=0.0.0.0  COLLECT=ch09: copy what students have'
	@echo '  bench   PARTS="dqn gan": some'
	@echo '  environments  NAME=colab: that list of packages  NB=ch08'
	@echo '  image | image-check | image-pin   the Docker image; build and try it; pin its base'

setup:
	$(COURSE) setup
lab:
	$(COURSE) lab
run:
	$(COURSE) run $(NB) --pace $(PACE) --backend $(BACKEND) $(if $(JOBS),--jobs $(JOBS)) $(if $(AFRESH),--afresh)
reset:
	$(COURSE) reset $(NB) $(if $(UNDO),--undo)
update:
	$(COURSE) update
progress:
	$(COURSE) progress $(FOLDER)
test:
	$(COURSE) test $(NB) --backend $(BACKEND)
verify:
	$(COURSE) verify $(NB) $(if $(SHARD),--shard $(SHARD)) $(if $(AFRESH),--afresh)
merge:
	$(COURSE) merge "$(FOLDER)"
seeds:
	$(COURSE) seeds $(NB) --n $(N)
drills:
	$(COURSE) drills
bench:
	$(COURSE) bench $(PARTS)
record:
	$(COURSE) record $(NB)
list:
	$(COURSE) list $(NB)
data:
	$(COURSE) data fetch
export:
	$(COURSE) export "$(FOLDER)" $(if $(CLASSROOM),--classroom) $(if $(PLATFORMS),--platforms $(PLATFORMS))
classroom:
	$(COURSE) classroom "$(FOLDER)" $(if $(IP),--ip $(IP)) $(if $(COLLECT),--collect $(COLLECT))
doctor:
	$(COURSE) doctor
pytorch:
	$(COURSE) pytorch
jax:
	$(COURSE) jax
editions:
	$(COURSE) editions
lessons:
	$(COURSE) lessons
slides:
	$(COURSE) slides
site:
	$(COURSE) site
readme:
	$(COURSE) readme
lock:
	$(COURSE) lock
environments:
	$(COURSE) environments $(NAME) $(if $(NB),--only $(NB))
image:
	docker compose --file docker/compose.yaml --profile cpu build
image-pin:
	$(PYTHON) docker/image-pin
image-check:
	docker/image-check

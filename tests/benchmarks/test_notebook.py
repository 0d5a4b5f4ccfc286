"""Both sides: the notebook's cells, and the networks of the printed side."""

import numpy as np
import pytest

from benchmarks import flops, notebook
from benchmarks.measure import dqn, preprocessing
from benchmarks.parts import TRAININGS
from benchmarks.printed.cartpole import Agent
from benchmarks.printed.sketches import GAN


@pytest.mark.parametrize("name", TRAININGS)
def test_every_training_is_found_in_its_notebook(name):
    part = TRAININGS[name]
    before, training = notebook.cut(part.notebook, part.marker)
    assert ".fit(" in training or "train(" in training
    parameters = [cell.source for cell in before if "parameters" in cell.tags]
    assert len(parameters) == 1 and "\nepochs = " in f"\n{parameters[0]}"


def test_loops_are_found_in_their_notebooks():
    notebook.cut(dqn.NOTEBOOK, dqn.MARKER)
    notebook.cut(preprocessing.NOTEBOOK, preprocessing.MARKER)


def test_a_changed_notebook_is_noticed():
    with pytest.raises(LookupError, match="no cell"):
        notebook.cut("lenet_in_keras", "no_such_line = ")
    with pytest.raises(LookupError, match="no notebook named"):
        notebook.cut("no_such_notebook", "model = ")


def test_definitions_can_have_another_seed():
    first, again, other = (
        notebook.definitions("generative_adversarial_network", seed)["rng"].random()
        for seed in (42, 42, 1)
    )
    assert first == again != other


@pytest.mark.parametrize("name", TRAININGS)
def test_both_sides_are_the_same_network(name):
    """Ours are the notebook's cells up to the training, without their data."""
    part = TRAININGS[name]
    theirs = part.network()
    ours = built_by_notebook(part, theirs.input_shape[1:])
    assert theirs.count_params() == ours.count_params()
    assert flops.forward(theirs) == flops.forward(ours)
    kinds = [type(layer).__name__ for layer in theirs.layers]
    assert kinds == [
        type(layer).__name__
        for layer in ours.layers
        if type(layer).__name__ != "Rescaling"  # the printed way divides before
    ]


def built_by_notebook(part, shape):
    """The network of a notebook, from only those cells that build it."""
    before, _ = notebook.cut(part.notebook, part.marker)
    names = {
        "n_classes": 17 if part.data.startswith("flowers") else 10,
        "X_train": np.empty((1, *shape)),  # whose shape is all that a network is told
    }
    for cell in before:
        source = cell.source.lstrip()
        imports = source.startswith(("import", "from", "def deep_network"))
        builds = "model = " in source or "model.add(" in source
        if "parameters" in cell.tags or imports or builds:
            exec(source.replace("model.summary()", ""), names)
    return names["model"]


def test_the_gan_is_the_same_on_both_sides():
    names = notebook.definitions("generative_adversarial_network")
    theirs = GAN()
    for name, parameters in (("discriminator", 4_311_553), ("generator", 183_713)):
        assert getattr(theirs, name).count_params() == parameters
        assert names[name].count_params() == parameters
    assert flops.forward(theirs.adversarial) == flops.forward(names["adversarial"])
    assert "discriminator_half_step" in names and "generator_half_step" in names


def test_the_printed_agent_has_the_books_network():
    assert Agent().model.count_params() == 1_282

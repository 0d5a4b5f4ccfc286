"""What a Keras model is made of, in words: its layers, shapes and parameters.

`dli.tables` and `dli.diagrams` show it. Keras is not imported here: a layer is known by
the name of its class, so that this works on every backend and for models of models.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dli.words import did_you_mean


@dataclass(frozen=True)
class Layer:
    """A layer of a built model.

    Attributes:
        name: Keras's, `"dense_1"`.
        kind: the name of its class, `"Dense"`.
        setting: its size and activation in a few words, `"64, relu"`; may be empty.
        shapes: of its outputs without the batch; None where a size is open.
        formula: how its parameters are counted, `"784 × 64 + 64"`; may be empty.
        parameters: how many.
        trainable: how many of them are trained.
        inside: number of layers, if it is a model itself.
    """

    name: str
    kind: str
    setting: str
    shapes: tuple[tuple[int | None, ...], ...]
    formula: str
    parameters: int
    trainable: int
    inside: int = 0

    @property
    def title(self) -> str:
        """Its kind, and the name that its author gave it, if any."""
        plain = re.sub(r"_\d+$", "", self.name).replace("_", "")
        kind = self.kind
        if self.inside:
            kind = f"model of {self.inside} layer{'s' * (self.inside > 1)}"
        if self.is_input:
            return "input"
        is_given = plain != self.kind.lower()
        return f"{self.name} ({kind})" if is_given else kind

    @property
    def is_input(self) -> bool:
        """Whether it only names what comes in."""
        return self.kind == "InputLayer"

    @property
    def shape(self) -> str:
        """`"26 × 26 × 32"`."""
        return " and ".join(map(shape_text, self.shapes))

    @property
    def size(self) -> int:
        """Number of values in its output, open sizes counted as one."""
        return sum(math.prod(n or 1 for n in shape) for shape in self.shapes)


def shape_text(shape) -> str:
    """A shape without the batch: `"26 × 26 × 32"`, `"any × 64"`."""
    return " × ".join("any" if n is None else f"{n:,}" for n in shape) or "1"


def describe(layer) -> Layer:
    """A built Keras layer in words."""
    kind = type(layer).__name__
    inside = len(getattr(layer, "layers", ()))
    return Layer(
        name=layer.name,
        kind=kind,
        setting="" if inside else _setting(layer, kind),
        shapes=_shapes(layer),
        formula="" if inside else formula(layer),
        parameters=layer.count_params() if layer.weights else 0,
        trainable=_count(layer.trainable_weights),
        inside=inside,
    )


def described(model) -> list[Layer]:
    """All layers of a model in its own order, its inputs first.

    Raises:
        ValueError: the model is not built.
    """
    if not model.built:
        raise ValueError(
            f"{model.name} is not built: give it a keras.Input, or call it once"
        )
    found = [describe(layer) for layer in model.layers]
    if not any(layer.is_input for layer in found):  # Sequential hides it
        inputs = getattr(model, "inputs", None) or ()
        shapes = [tuple(tensor.shape[1:]) for tensor in inputs]
        found[:0] = [Layer("input", "InputLayer", "", (s,), "", 0, 0) for s in shapes]
    return found


def table(model, formulas: Mapping[str | int, str]) -> list[list[str]]:
    """The lines of `dli.tables.layers`: head, inputs and layers, sums.

    Raises:
        ValueError: the model is not built.
        KeyError: a formula for a layer that is not there.
    """
    names = [layer.name for layer in model.layers]
    given = {}
    for key, counted in formulas.items():
        try:
            given[names[key] if isinstance(key, int) else key] = counted
        except IndexError:
            raise KeyError(f"no layer number {key}: there are {len(names)}") from None
    for name in given:
        if name not in names:
            raise KeyError(f"no layer named {name!r}; {did_you_mean(name, names)}")
    lines = [["layer", "output shape", "how it is counted", "parameters"]]
    for layer in described(model):
        counted = given.get(layer.name, layer.formula)
        if layer.parameters and not layer.trainable:
            counted = f"{counted} (not trained)".strip()
        number = f"{layer.parameters:,}"
        lines.append([layer.title, layer.shape, counted, number])
    trained, still = (
        _count(model.trainable_weights),
        _count(model.non_trainable_weights),
    )
    lines.append(["trained by the optimizer", "", "", f"{trained:,}"])
    if still:
        lines.append(["not trained", "", "", f"{still:,}"])
        lines.append(["all parameters", "", "", f"{trained + still:,}"])
    else:
        lines[-1][0] = "all parameters, all trained"
    return lines


def connections(model) -> dict[str, list[str]]:
    """Of every layer that `described` lists, the names of those it reads from."""
    names = [layer.name for layer in described(model)]
    if type(model).__name__ == "Sequential":
        return {name: names[max(i - 1, 0) : i] for i, name in enumerate(names)}
    found = {}
    for layer in model.layers:
        made = [
            tensor for node in layer._inbound_nodes for tensor in node.input_tensors
        ]
        before = [tensor._keras_history.operation.name for tensor in made]
        found[layer.name] = [name for name in dict.fromkeys(before) if name in names]
    return found


def _count(weights) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _shapes(layer) -> tuple[tuple[int | None, ...], ...]:
    try:
        found = layer.output
    except (AttributeError, ValueError):  # it was never called on a symbolic tensor
        return ()
    if isinstance(found, dict):
        found = list(found.values())
    found = found if isinstance(found, (list, tuple)) else [found]
    return tuple(tuple(tensor.shape[1:]) for tensor in found)


def _setting(layer, kind: str) -> str:
    parts = []
    if kind in _CONVOLUTIONS:
        window = " × ".join(map(str, layer.kernel_size))
        filters = getattr(layer, "filters", None)
        parts.append(f"{filters:,} of {window}" if filters else window)
    elif "Pooling" in kind and hasattr(layer, "pool_size"):
        parts.append(" × ".join(map(str, layer.pool_size)))
    elif kind == "Dropout":
        parts.append(f"{layer.rate:.0%}")
    elif kind == "Bidirectional":
        inner = layer.forward_layer
        parts.append(f"2 {type(inner).__name__} of {inner.units:,}")
    elif isinstance(getattr(layer, "units", None), int):
        parts.append(f"{layer.units:,}")
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if activation != "linear" and kind not in _RECURRENT:
        parts.append(activation)
    return ", ".join(parts)


def formula(layer) -> str:
    """How the parameters of a usual layer are counted; empty for others."""
    count = _FORMULAS.get(type(layer).__name__)
    return count(layer) if count and layer.weights else ""


def _kernel(layer) -> str:
    weights = layer.weights
    product = " × ".join(f"{n:,}" for n in weights[0].shape)
    return f"{product} + {weights[1].shape[0]:,}" if len(weights) > 1 else product


def _recurrent(gates: int) -> Callable:
    def count(layer) -> str:
        kernel, recurrent, *bias = (w.shape for w in layer.weights)
        units = recurrent[0]
        inside = f"{kernel[0]:,} × {units:,} + {units:,} × {units:,}"
        if bias:  # a GRU with reset_after has two rows of them
            inside += f" + 2 × {units:,}" if len(bias[0]) == 2 else f" + {units:,}"
        return inside if gates == 1 else f"{gates} × ({inside})"

    return count


def _bidirectional(layer) -> str:
    inside = formula(layer.forward_layer)
    if not inside:
        return ""
    return f"2 × {inside}" if inside[1:5] == " × (" else f"2 × ({inside})"


def _normalization(layer) -> str:
    return f"{len(layer.weights)} × {layer.weights[0].shape[0]:,}"


_CONVOLUTIONS = {"Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D"}
_RECURRENT = {"SimpleRNN", "LSTM", "GRU", "Bidirectional"}
_FORMULAS = {
    **dict.fromkeys(("Dense", "Embedding", *_CONVOLUTIONS), _kernel),
    "SimpleRNN": _recurrent(1),
    "LSTM": _recurrent(4),
    "GRU": _recurrent(3),
    "Bidirectional": _bidirectional,
    "BatchNormalization": _normalization,
}

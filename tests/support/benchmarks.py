"""Results as the benchmarks measure them, with made-up numbers."""


def training(seconds: float, parameters: int = 100, loss: float = 0.5) -> dict:
    """One run of a training: three laps, the median of which is `2 * seconds`."""
    return {
        "seconds": [seconds, 2 * seconds, 3 * seconds],
        "peak_mb": 900.0,
        "rows": [1000, 200],
        "flops": 4e9,
        "parameters": parameters,
        "backend": "tensorflow",
        "quality": {"val_accuracy": 0.9},
        "identity": {"optimizer": "SGD", "reference loss": loss},
    }


def results() -> dict:
    """Two trainings, one of which ran on two backends."""
    part = {"date": "2026-01-02", "seconds": 60, "failed": []}
    shallow = {"printed": [training(1.5)], "ours, tensorflow": [training(0.5)]}
    lstm = {
        "printed": [training(1.0)],
        "ours, tensorflow": [training(1.0)],
        "ours, jax": [training(0.8) | {"backend": "jax"}],
    }
    return {
        "machine": {
            "processor": "abacus",
            "cores": 2,
            "memory_gb": 8,
            "system": "Linux",
            "versions": {"python": "3.11.0"},
        },
        "peak_gflops": 16.0,
        "own_gflops": {},
        "parts": {"shallow": {**part, "runs": shallow}, "lstm": {**part, "runs": lstm}},
        "runs": {},
    }

"""What the plugin around nbval does by itself."""

import nbval.kernel
import pytest

from course.check import nbval_plugin


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_a_kernel_that_is_not_heard_is_started_once_more(silent):
    tries = []

    def start(startup_timeout, kernel_name):
        tries.append(kernel_name)
        if len(tries) <= silent:
            raise RuntimeError(f"Kernel didn't respond in {startup_timeout} seconds")
        return "manager", "client"

    again = nbval_plugin.with_second_try(start)
    if silent < 2:
        assert again(60, kernel_name="python3") == ("manager", "client")
    else:
        with pytest.raises(RuntimeError, match="in 60 seconds"):
            again(60, kernel_name="python3")
    assert len(tries) == min(silent + 1, 2)


def test_nbval_starts_its_kernels_that_way():
    assert nbval.kernel.start_new_kernel.__wrapped__.__module__ == "nbval.kernel"

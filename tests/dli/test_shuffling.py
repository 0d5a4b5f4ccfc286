"""Every epoch has its own order, and the orders repeat under the seed."""

import subprocess
import sys

# A process each: the function changes Keras for as long as the process lives.
CODE = """
import keras, numpy as np
from dli.shuffling import reshuffle_every_epoch

class Orders(keras.Model):
    seen = []
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
    def call(self, x):
        return self.dense(x)
    def train_step(self, data):
        self.seen.append(data[0].numpy()[:, 0].astype(int).tolist())
        return {{"loss": 0.0}}

def orders():
    keras.utils.set_random_seed(42)
    {line}
    model = Orders()
    model.compile(run_eagerly=True)
    Orders.seen = []
    x = np.arange(12.0)[:, None]
    model.fit(x, x, batch_size=4, epochs=3, verbose=0)
    return [sum(Orders.seen[i:i + 3], []) for i in (0, 3, 6)]

first, second = orders(), orders()
print(first == second, len(set(map(tuple, first))), sorted(first[0]))
"""


def run(line):
    code = CODE.format(line=line)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_three_epochs_have_three_orders_that_repeat_under_the_seed():
    assert run("reshuffle_every_epoch()") == f"True 3 {list(range(12))}"


def test_keras_still_needs_it():
    """When this fails, Keras is mended: delete `dli.shuffling` and its calls."""
    assert run("pass") == f"True 1 {list(range(12))}"

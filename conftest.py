"""What pytest loads for the unit tests and for the notebooks alike."""

pytest_plugins = ["course.check.nbval_plugin"]

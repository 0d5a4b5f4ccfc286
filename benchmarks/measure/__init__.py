"""What the process of one measurement does (`benchmarks.child` starts it)."""

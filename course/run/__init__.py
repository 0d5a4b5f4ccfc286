"""Executing notebooks into `runs/`: one result file each, a page each, an index."""

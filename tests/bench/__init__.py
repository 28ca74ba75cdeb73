"""Measurements beside a reference in the same run; never part of a test run. ``script/bench`` starts them."""

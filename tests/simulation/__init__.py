"""A whole neighbourhood in one thread: real nodes on real files, with the world around them drawn from a seed.

Run by ``script/simulate``; docs/simulation.md says what is real, what is not, and what is checked.
"""

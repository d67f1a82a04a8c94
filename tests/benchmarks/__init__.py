"""Measurements of speed and weight: ``make bench``, never part of the tests.

A benchmark is a function in a module of this folder whose name ends in ``_benchmark``::

    from tests.benchmarks.registry import Measurement, benchmark

    @benchmark("search")
    def search() -> Iterator[Measurement]:
        \"\"\"What is measured, on what data.\"\"\"
        yield Measurement("first page, newest first, p95, SQLite", 41.0, "ms", at_most=100)

It brings its own processes and databases (`tests.infrastructure.demo_site`,
`tests.infrastructure.postgresql.private_server`); Django is not set up beforehand. ``make bench``
prints a table and merges what was measured into ``build/bench.json``, one entry a benchmark.
"""

"""The figures of docs/performance.md: `python -m bench` measures them all again."""

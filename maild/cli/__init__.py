"""The command line: typer commands that call app and print; no decisions of their own."""

"""`maild rules`: what an admin does with rule files before they are in force."""

import typer

app = typer.Typer(help="Rules: try them before they are in force.", no_args_is_help=True)


@app.callback()
def _rules() -> None:
    """Rules: try them before they are in force."""

"""Paragraphs out of format=flowed text (RFC 3676)."""

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """The text with flowed lines joined; quoted lines keep their depth as `>` marks.

    A line that ends in a blank goes on in the next one of the same depth (RFC 3676 §4.2).
    """
    done: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")  # §4.4: space-stuffing
        if depth == open_depth and content != _SIGNATURE:
            done[-1] += content
        else:
            done.append(">" * depth + (" " if depth else "") + content)
        is_flowed = content.endswith(" ") and content != _SIGNATURE
        open_depth = depth if is_flowed else -1
        if is_flowed and delete_space:
            done[-1] = done[-1][:-1]
    return "\n".join(done)

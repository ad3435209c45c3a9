"""The mail templates: files NAME.LANGUAGE.md, shipped ones and an admin's own in their place.

Decides which file is used and which language; what stands in a file is checked by front_matter.py and
jinja.py. All mistakes of all files are told at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from maild.errors import ConfigError, Problem, RenderError
from maild.mistakes import nearest
from maild.model.rendering import MailValues, RenderedText
from maild.render.front_matter import TemplateSource, read_source
from maild.render.jinja import FAILURES, fill_body, fill_subject, problems_of
from maild.render.markdown import html_page, read
from maild.render.plain import plain_text

SHIPPED_FOLDER = Path(str(files("maild"))) / "templates" / "mail"

LANGUAGES = ("zh", "en")
"""Every template is there in these; an admin may add more for any of them."""

_FILE_NAME = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]*)\.(?P<language>[a-z]{2,3})\.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSet:
    """Templates that are known to work, by name and language."""

    sources: Mapping[tuple[str, str], TemplateSource]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in alphabetical order."""
        return tuple(sorted({name for name, _ in self.sources}))

    def languages(self, name: str) -> tuple[str, ...]:
        """The languages of one template, in alphabetical order; none when it does not exist."""
        return tuple(sorted(language for known, language in self.sources if known == name))

    def render(self, name: str, language: str, values: MailValues, *, fallback: str = "en") -> RenderedText:
        """The template filled in, in `language` (zh, or a tag such as zh-CN), else in `fallback`.

        Raises: RenderError when there is no such template, or when these very values break it.
        """
        source = self._source(name, language, fallback)
        try:
            subject, markdown = fill_subject(source, values), fill_body(source, values)
        except FAILURES as failure:
            raise RenderError(f"{source.file}: {failure}") from failure
        tokens = read(markdown)
        return RenderedText(
            template=name,
            template_version=source.version,
            language=source.language,
            subject=subject,
            text=plain_text(tokens),
            html=html_page(tokens, title=subject, language=source.language),
        )

    def _source(self, name: str, language: str, fallback: str) -> TemplateSource:
        for wanted in (language, fallback):
            source = self.sources.get((name, wanted.partition("-")[0].lower()))
            if source is not None:
                return source
        if name not in self.names:
            raise RenderError(f"there is no mail template {name!r} ({nearest(name, self.names)})")
        there_is = ", ".join(self.languages(name))
        raise RenderError(
            f"mail template {name!r} is not there in {language} or {fallback}, only in {there_is}"
        )


def load(folders: Sequence[Path]) -> TemplateSet:
    """The templates of all `folders`; a file takes the place of one by the same name in an earlier folder.

    A folder that does not exist holds none; README.md is passed over. Raises: ConfigError with every
    mistake of every file.
    """
    chosen = {path.name: path for folder in folders for path in sorted(folder.glob("*.md"))}
    chosen.pop("README.md", None)
    sources: dict[tuple[str, str], TemplateSource] = {}
    problems: list[Problem] = []
    for path in chosen.values():
        try:
            source = _load_file(path)
            sources[source.name, source.language] = source
        except ConfigError as mistakes:
            problems += mistakes.problems
    # A variant that cannot be used is not missing too: that is looked at only when all the rest is well.
    if found := tuple(problems) or tuple(_missing(sources)):
        raise ConfigError(found)
    return TemplateSet(sources=MappingProxyType(sources))


def _load_file(path: Path) -> TemplateSource:
    file = str(path)
    named = _FILE_NAME.fullmatch(path.name)
    if named is None:
        hint = "such as acknowledgement.zh.md"
        raise ConfigError(
            (Problem(file=file, what="a template's file is named NAME.LANGUAGE.md", hint=hint),)
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as mistake:
        raise ConfigError((Problem(file=file, what="is not UTF-8", hint="save it as UTF-8"),)) from mistake
    return _checked(file, text, named["name"], named["language"])


@lru_cache(maxsize=512)
def _checked(file: str, text: str, name: str, language: str) -> TemplateSource:
    """The template of a text, tried; read once, since a reload changes one file out of many."""
    source = read_source(file, text)
    problems = (*_misnamed(source, name, language), *problems_of(source))
    if problems:
        raise ConfigError(problems)
    return source


def _misnamed(source: TemplateSource, name: str, language: str) -> Iterator[Problem]:
    for key, said, named in (("name", source.name, name), ("language", source.language, language)):
        if said != named:
            what = f"{key} is {said!r}, but the file's name says {named!r}"
            yield source.problem(what, source.lines[key])


def _missing(sources: Mapping[tuple[str, str], TemplateSource]) -> Iterator[Problem]:
    one_of_each = {name: source for (name, _), source in sources.items()}
    for name, source in one_of_each.items():
        for language in LANGUAGES:
            if (name, language) not in sources:
                what = f"template {name!r} is not there in {language}"
                yield source.problem(what, None, f"add {name}.{language}.md")

"""One sentence to a person, in both languages: which one is sent is decided where the person is known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is to be said, in Chinese and in English."""

    zh: str
    en: str

    def said_in(self, language: str) -> str:
        """The Chinese sentence for 'zh', else the English one."""
        return self.zh if language == "zh" else self.en

"""Words, sentences and names for generated mail, in Chinese and in English.

Words come by Zipf's law: help-desk words first, then a long tail of made-up ones, so that an index over
them grows as over real mail. Everything hangs on the seed alone.
"""

import random  # noqa: TID251 -- seeded: the same arguments give the same bytes
from enum import StrEnum
from itertools import accumulate
from typing import Final

_PLAIN: Final = """the a to we you it is was are not on in of for with and but after before since please
could would when where which this that our your their from has have been will can order delivery parcel
pump valve filter motor cable hinge panel label carton pallet batch sample drawing quotation price
discount tax bill statement transfer bank delay damage scratch leak noise crack rust fault repair spare
part technician visit date week month noon plant line warehouse carrier customs form stamp signature
approval quality inspection report test result temperature pressure voltage weight length colour packing
missing broken late wrong early urgent ready done open closed confirm check send receive return replace
collect arrange answer ask call explain install measure promise pay thank regret wait hope"""
_HOUSE: Final = """我们 贵司 您 这 批 货 已经 还没 收到 麻烦 尽快 安排 请 确认 发货 到货 签收 物流 单号
仓库 托盘 纸箱 包装 破损 漏水 异响 生锈 裂纹 水泵 阀门 滤芯 电机 线缆 铰链 面板 标签 批次 样品 图纸 报价
单价 折扣 税率 开票 对账 转账 银行 付款 延期 维修 配件 工程师 上门 时间 本周 下周 月底 上午 下午 产线
车间 报关 盖章 签字 审批 质检 报告 测试 结果 温度 压力 电压 重量 尺寸 颜色 缺件 损坏 退货 换货 补发 安装
测量 答复 电话 说明 感谢 抱歉 等待 希望 问题 原因 方案 进度 客户 供应商 合作 需求 数量 标准 交付 验收 的
了 是 在 和 不 就 也 再 都 给 把 对 从"""
_GIVEN: Final = (
    "Ada Bruno Clara Dmitri Elena Felix Greta Hugo Ines Jonas Katya Leo Marta Nils Olga Pavel Rosa Sven"
)
_FAMILY: Final = (
    "Abel Brandt Castro Dahl Eriksen Fischer Gomez Haas Ivanov Jansen Keller Lund Moreau Novak Ortiz"
)
_SURNAMES: Final = "丁方毛石龙江汤邓史白田余沈范姚谭廖邹熊金陆孔康贺顾侯邵孟万段"
_ONSETS: Final = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "st", "ch")
_RHYMES: Final = ("a", "e", "i", "o", "u", "an", "el", "or", "im", "us")
_TAIL_WORDS: Final = 9_000
_LEVEL_ONE: Final = range(0xB0, 0xD7)  # the rows of the 3,755 commonest characters (GB 2312-80)


class Language(StrEnum):
    """What a message is written in."""

    CHINESE = "zh"
    ENGLISH = "en"


def seeded(*parts: object) -> random.Random:
    """A source of chance that is the same for the same parts."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311 -- reproducible on purpose


class Prose:
    """One seed's vocabulary, and what is said with it."""

    def __init__(self, seed: int) -> None:
        chance = seeded(seed, "words")
        self._words = {
            Language.ENGLISH: _PLAIN.split() + [_syllables(chance) for _ in range(_TAIL_WORDS)],
            Language.CHINESE: _HOUSE.split() + [_characters(chance) for _ in range(_TAIL_WORDS)],
        }
        self._weights = {
            language: list(accumulate(1 / (rank + 3) for rank in range(len(words))))
            for language, words in self._words.items()
        }

    def sentence(self, chance: random.Random, language: Language, length: int) -> str:
        """A sentence of `length` words, with its full stop."""
        words = self._drawn(chance, language, length)
        if language is Language.CHINESE:
            middle = length // 2
            return f"{''.join(words[:middle])}，{''.join(words[middle:])}。"
        return f"{' '.join(words).capitalize()}."

    def title(self, chance: random.Random, language: Language) -> str:
        """A subject of a few words."""
        words = self._drawn(chance, language, chance.randint(3, 6))
        return "".join(words) if language is Language.CHINESE else " ".join(words).capitalize()

    def paragraphs(self, chance: random.Random, language: Language) -> list[str]:
        """One line a sentence; half of the texts have fewer than 60 words, a few have hundreds."""
        left = min(900, max(10, int(chance.lognormvariate(4.1, 0.8))))
        lines = []
        while left > 0:
            length = chance.randint(7, 15)
            lines.append(self.sentence(chance, language, length))
            left -= length
        return lines

    def name(self, chance: random.Random, language: Language) -> str:
        """A person's name."""
        if language is Language.CHINESE:
            return chance.choice(_SURNAMES) + _characters(chance)
        return f"{chance.choice(_GIVEN.split())} {chance.choice(_FAMILY.split())}"

    def firm(self, chance: random.Random) -> str:
        """A host name under a domain that nobody can own (RFC 2606 §2)."""
        return f"{_syllables(chance)}.example"

    def _drawn(self, chance: random.Random, language: Language, count: int) -> list[str]:
        return chance.choices(self._words[language], cum_weights=self._weights[language], k=count)


def _syllables(chance: random.Random) -> str:
    return "".join(chance.choice(_ONSETS) + chance.choice(_RHYMES) for _ in range(chance.randint(2, 4)))


def _characters(chance: random.Random) -> str:
    """A word of one to three common characters, mostly two."""
    count = chance.choices((1, 2, 3), weights=(1, 7, 2))[0]
    codes = (bytes((chance.choice(_LEVEL_ONE), chance.randrange(0xA1, 0xFF))) for _ in range(count))
    return b"".join(codes).decode("gb2312")

"""A form with a field of each type, for the tests of the parsers."""

from datetime import date
from zoneinfo import ZoneInfo

from maild.model.forms import Choice, FieldSpec, FieldType, FormReading, Value

TODAY = date(2026, 9, 30)
ZONE = ZoneInfo("Asia/Shanghai")
SUPPORTED = Choice(name="supported", labels=("可支持", "Supported"))
CONDITIONAL = Choice(name="conditional", labels=("有条件",))
REFUSED = Choice(name="不支持")

SPECS = (
    FieldSpec(name="goal", labels=(("zh", "协作目标"), ("en", "Goal")), aliases=("目标",)),
    FieldSpec(name="quantity", labels=(("zh", "数量"), ("en", "Quantity")), type=FieldType.NUMBER),
    FieldSpec(name="wished", labels=(("zh", "期望日期"), ("en", "Wished date")), type=FieldType.DATE),
    FieldSpec(
        name="answer",
        labels=(("zh", "答复"), ("en", "Answer")),
        type=FieldType.CHOICE,
        choices=(SUPPORTED, CONDITIONAL, REFUSED),
        required=False,
    ),
    FieldSpec(
        name="urgent", labels=(("zh", "是否紧急"), ("en", "Urgent")), type=FieldType.YES_NO, required=False
    ),
    FieldSpec(name="mail", labels=(("zh", "邮箱"), ("en", "E-mail")), type=FieldType.ADDRESS, required=False),
    FieldSpec(
        name="phone", labels=(("zh", "联系电话"), ("en", "Phone")), type=FieldType.PHONE, required=False
    ),
    FieldSpec(
        name="remark",
        labels=(("zh", "备注"), ("en", "Remark")),
        required=False,
        may_be_not_applicable=True,
    ),
)


def values(reading: FormReading) -> dict[str, Value]:
    """What was read, by the names of the fields."""
    return {each.name: each.value for each in reading.values}


def texts(reading: FormReading) -> dict[str, str]:
    """What was written, by the names of the fields."""
    return {each.name: each.text for each in reading.values}

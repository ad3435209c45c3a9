"""An explanation in plain words, Chinese or English, from the same facts that `--json` gives."""

from collections.abc import Mapping
from typing import Literal

from maild.app.explain import Explanation
from maild.model.case import JoinReason
from maild.model.facts import RuleVerdict, TestVerdict
from maild.model.rule import Operator

Language = Literal["zh", "en"]
Lines = tuple[tuple[str, str], ...]


def in_words(told: Explanation, language: Language) -> Lines:
    """A name and a text for each thing there is to say, in the order in which it happened."""
    return _chinese(told) if language == "zh" else _english(told)


def headings(language: Language) -> tuple[str, tuple[str, str, str, str]]:
    """The title of the table of rules, and its columns."""
    if language == "zh":
        return "逐条规则", ("规则", "位置", "命中", "检验")
    return "Rules tried", ("Rule", "Where", "Matched", "Tests")


def rule_row(verdict: RuleVerdict, language: Language) -> tuple[str, str, str, str]:
    """One rule that was tried: name, place, whether it matched, and each of its tests on a line."""
    yes, no, stops = ("是", "否", "，到此为止") if language == "zh" else ("yes", "no", ", and stops")
    matched = (yes if verdict.matched else no) + (stops if verdict.stopped else "")
    tests = "\n".join(_test(one, language) for one in verdict.tests)
    return verdict.rule, verdict.place, matched, tests


def _test(test: TestVerdict, language: Language) -> str:
    mark = "✓" if test.passed else "✗"
    if language == "zh":
        field = _FIELDS.get(test.field, test.field)
        return f"{mark} {field}{_OPERATORS[Operator(test.test)]}「{test.expected}」：{test.value}"
    return f"{mark} {test.field} {test.test} {test.expected}: {test.value}"


def _english(told: Explanation) -> Lines:
    return (
        ("Message", f"<{told.message_id}> {told.subject}"),
        ("This is", "what happened" if told.happened else "what would happen now"),
        ("Written by", told.automatic.replace("none", "a person", 1)),
        ("Case", told.case_number or "none"),
        ("Joining", told.joining),
        ("Rules", told.routing),
        ("Decision", told.reason),
        ("Mails", "; ".join(told.mails) or "none"),
        ("Settled", ", ".join(_settled(told, _ENGLISH))),
        ("Files", f"configuration {told.config_hash[:12]}"),
    )


def _chinese(told: Explanation) -> Lines:
    kind, _, why = told.automatic.partition(" (")
    written = _AUTOMATIC.get(kind, kind) + (f"（{why.rstrip(')')}）" if why else "")
    return (
        ("邮件", f"<{told.message_id}> {told.subject}"),
        ("说明", "已经发生的处理" if told.happened else "现在收到会如何处理"),
        ("来信", written),
        ("事项", told.case_number or "无"),
        ("归并", _joining_in_chinese(told)),
        ("规则", _rules_in_chinese(told)),
        ("决定", _decision_in_chinese(told)),
        ("发送", "；".join(mail.replace(" to ", " → ", 1) for mail in told.mails) or "无"),
        ("另定", "，".join(_settled(told, _CHINESE))),
        ("配置", f"版本 {told.config_hash[:12]}"),
    )


def _joining_in_chinese(told: Explanation) -> str:
    joined = _JOINED[told.join] if told.join else ""
    if told.reuse is None:
        return joined or "没有可归入的事项"
    reused = f"回复的是事项 {told.reuse.case_number} 的邮件，主题却是另一件事（旧邮件另谈新事）"
    if joined:
        return f"{joined}；{reused}"
    return reused + ("，待人工决定" if told.review else "，不归入该事项")


def _rules_in_chinese(told: Explanation) -> str:
    matched = [f"「{one.rule}」（{one.place}）" for one in told.trace if one.matched]
    if matched:
        return "命中规则" + "、".join(matched)
    if told.join:
        return "邮件归入已有事项，没有针对它的规则"
    return "没有规则命中，" + ("待人工查看" if told.review and not told.reuse else "按邮箱的默认类别")


def _decision_in_chinese(told: Explanation) -> str:
    if told.join and told.case_number:
        trusted = "" if told.verified else "；发件人未经核实，不触发任何动作"
        return f"归入事项 {told.case_number}{trusted}"
    if told.review:
        return (
            f"待人工查看，后由人工开立事项 {told.case_number}" if told.case_number else "不立事项，待人工查看"
        )
    if told.spam:
        return "按垃圾邮件归档，不立事项"
    if told.case_number:
        return f"开立事项 {told.case_number}：类别 {told.case_kind}，优先级 {told.priority}"
    return "只归档，不立事项"


def _settled(told: Explanation, words: Mapping[str, str]) -> list[str]:
    """What rules settled beyond kind and priority."""
    traits = told.traits
    pairs = (
        ("owner", " / ".join(told.owners)),
        ("department", traits.department),
        ("labels", " ".join(traits.labels)),
        ("fields", " ".join(f"{name}={value}" for name, value in traits.fields)),
        ("template", told.template or ""),
        ("confidential", words["yes"] if traits.confidential else ""),
    )
    return [f"{words[name]} {value}" for name, value in pairs if value]


_ENGLISH = {
    "owner": "owner",
    "department": "department",
    "labels": "labels",
    "fields": "fields",
    "template": "template",
    "confidential": "confidential:",
    "yes": "yes",
}
_CHINESE = {
    "owner": "负责人",
    "department": "部门",
    "labels": "标签",
    "fields": "字段",
    "template": "模板",
    "confidential": "保密：",
    "yes": "是",
}
_JOINED = {
    JoinReason.TOKEN: "回复中带有我们的签名编号",
    JoinReason.THREAD: "与该事项的邮件属于同一往来",
    JoinReason.NUMBER: "主题中有事项编号",
    JoinReason.SUBJECT: "同一对方对同一主题的回复",
    JoinReason.REPORT: "是该事项邮件的投递报告",
    JoinReason.OPENED: "由它开立",
    JoinReason.SENT: "由系统为该事项发出",
    JoinReason.MOVED: "由人或合并移来",
}
_AUTOMATIC = {
    "none": "由人所写",
    "bounce": "退信",
    "auto_reply": "自动回复",
    "list": "群发或订阅邮件",
    "read_receipt": "已读回执",
    "abuse_report": "投诉反馈报告",
    "calendar": "日历邀请或答复",
    "other": "其他自动邮件",
}
_OPERATORS = {
    Operator.IS: "是",
    Operator.IN: "在名单",
    Operator.CONTAINS: "包含",
    Operator.MENTIONS: "提到名单",
    Operator.STARTS: "开头是",
    Operator.ENDS: "结尾是",
    Operator.MATCHES: "符合",
    Operator.ABOVE: "大于",
    Operator.BELOW: "小于",
}
_FIELDS = {
    "from": "发件地址",
    "from_domain": "发件域名",
    "from_name": "发件人名",
    "to": "收件地址",
    "mailbox": "邮箱",
    "subject": "主题",
    "base_subject": "原主题",
    "text": "正文",
    "attachment_name": "附件名",
    "attachment_type": "附件类型",
    "attachment_size": "附件大小",
    "attachment_count": "附件数",
    "language": "语言",
    "automatic": "自动邮件类型",
    "authenticated": "来源已验证",
    "party": "对方",
    "party_kind": "对方类别",
    "has_case": "归入事项",
    "case_kind": "事项类别",
    "case_stage": "事项阶段",
}

"""By what mailers mark the mail that they answer or forward, language by language.

Only the marks; what follows from them is quote.py's. One table for all languages, since a person's
mailer speaks another language than the person more often than one thinks.
"""

import re

_VERBS = (
    "wrote", "writes", "sent", "schrieb", "geschrieben", "a écrit", "écrit", "escribió", "escribio",
    "escreveu", "ha scritto", "scritto", "schreef", "geschreven", "skrev", "skrifaði", "napisał",
    "napisała", "napisał(a)", "napisal", "napsal", "napsala", "napsal(a)", "написал", "написала",
    "написал(а)", "написав", "пише", "пишет", "写道", "寫道", "写到", "写信", "寫信", "yazdı", "kirjoitti",
    "írta", "đã viết", "viết", "a scris", "написа", "έγραψε", "さんは書きました", "のメール", "작성",
    "님이 작성", "כתב", "כתבה", "كتب", "เขียนว่า", "rašė", "rakstīja", "kirjutas", "je napisao", "a írt",
)  # fmt: skip
_VERB = "|".join(sorted(map(re.escape, _VERBS), key=len, reverse=True))

_VERB_SEARCH = re.compile(rf"(?<![A-Za-zÀ-ɏЀ-ӿ])(?:{_VERB})(?![A-Za-zÀ-ɏЀ-ӿ])", re.IGNORECASE)
_DATE_OR_ADDRESS = re.compile(r"\d|@")
_MAX_ATTRIBUTION_CHARS = 500


# One without a verb: date, name, address, as Gmail and Yandex have it in some languages.
_DATED = re.compile(
    r"\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2} \w{3,9} \d{4})"
    r"(?:.{0,120}(?:<\s*[^<>]{0,20}\s?[^<>\s]+@[^<>]+>|\([^()\s]+@[^()]+\))\s*[:：]?"
    r"|.{0,20}GMT[+-]\d\d:\d\d .{1,80})\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
# `---- John wrote ----` (Zoho, Android).
_DASHED = re.compile(
    rf"\s*-{{2,}}\s*(?:.{{1,200}}\s(?:{_VERB})|(?:on|在) .{{5,200}})\s*-{{2,}}\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
# Where an attribution may begin when it is broken over lines.
ATTRIBUTION_START = re.compile(
    r"[\s>*_-]*(?:on|at|am|le|el|il|em|op|den|på|pe|w dniu|dnia|dne|v|vào|în|в|на|в|在|于|於|(?:mon|tue|wed"
    r"|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|ons|tor|fre|lör|lør|søn)[a-z]*\.?,?|\d{1,4}[-./年 ]"
    r"|\S[^\n]{0,80}[<(]|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)(?:\b|\s|[\d，,])",
    re.IGNORECASE,
)


def is_attribution(text: str) -> bool:
    """True for `On 3 May, X wrote:` in any language, or between dashes: a verb, a date or address, a"
    " colon."""
    if len(text) > _MAX_ATTRIBUTION_CHARS:
        return False
    if text.lstrip().startswith("--") and _DASHED.match(text):
        return True
    if not text.rstrip("*_- \t").endswith((":", "：")) or not _DATE_OR_ADDRESS.search(text):
        return False
    return _VERB_SEARCH.search(text) is not None


def is_dated(text: str) -> bool:
    """True for an attribution without a verb: date, name, address."""
    return len(text) <= _MAX_ATTRIBUTION_CHARS and _DATED.match(text) is not None


_ORIGINAL = (
    "original message", "original appointment", "original", "original e?-?mail", "reply message",
    "reply above this line", "forwarded message", "forwarded by .{1,80}", "forwarded mail",
    "message forward[^-]{0,40}", "begin forwarded message", "ursprüngliche nachricht",
    "original-?nachricht", "weitergeleitete nachricht", "message d'origine", "message original",
    "message initial", "message transféré", "courriel original", "mensaje original", "mensaje reenviado",
    "mensagem original", "mensagem encaminhada", "messaggio originale", "messaggio inoltrato",
    "oorspronkelijk bericht", "doorgestuurd bericht", "oprindelig meddelelse", "videresendt meddelelse",
    "opprinnelig melding", "ursprungligt meddelande", "ursprungsmeddelande", "alkuperäinen viesti",
    "wiadomość oryginalna", "wiadomość przekazana", "oryginalna wiadomość", "původní zpráva",
    "исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", "перенаправленное сообщение",
    "orijinal mesaj", "eredeti üzenet", "mesaj original", "αρχικό μήνυμα", "原始邮件", "邮件原件", "原邮件",
    "原始信件", "回复的原邮件", "回复的邮件", "原始郵件", "原始訊息", "原文", "原信", "转发的邮件",
    "转发邮件", "转发邮件信息", "轉寄郵件", "轉寄的郵件", "已转发的邮件", "forwarded messages?",
    "元のメッセージ", "オリジナルメッセージ", "転送メッセージ", "원본 메시지", "원본 메일", "전달된 메시지",
    "הודעה מקורית", "الرسالة الأصلية",
)  # fmt: skip
_ORIGINALS = "|".join(sorted(_ORIGINAL, key=len, reverse=True))
# Dashes, underscores or stars on one side at least, so that the words alone are no mark.
SEPARATOR = re.compile(
    rf"[\s*>]*(?:[-_=*]{{2,}}\s*(?:{_ORIGINALS})\s*[:：]?\s*[-_=*]*|(?:{_ORIGINALS})\s*[-_=]{{4,}}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié"
    r"|transféré)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|下面是被转发的邮件|開始轉寄郵件|开始转发的邮件"
    r"|転送されたメッセージ)\s*[:：])[\s*]*\Z",
    re.IGNORECASE,
)

_LABELS = {
    "from": "from von de da van fra från od от від kimden lähettäjä feladó 发件人 发信人 寄件者 寄件人"
    " 發件人 差出人 送信者"
    " 送信元 보낸사람 보낸?사람 remitente expéditeur mittente afzender"
    " avsändare nadawca remetente odesílatel отправитель מאת",
    "date": "sent date gesendet datum envoyé envoyé?le inviato data verzonden sendt dato skickat wysłano"
    " enviado enviado?el enviada?em enviada fecha fecha?de?envío отправлено дата дата?отправки"
    " 发送时间 发送日期 日期 时间"
    " 发件时间 寄件日期 傳送時間 傳送日期 傳送 時間 送信日時 送信 日時 日付 보낸날짜 보낸?날짜 날짜"
    " odesláno gönderme?tarihi tarih lähetetty"
    " elküldve date?d'envoi надіслано נשלח sent?at",
    "to": "to an à a aan til till do para destinataire кому 收件人 收件者 收信人 宛先 받는사람 받는?사람"
    " komu kime"
    " vastaanottaja címzett pour אל",
    "subject": "subject betreff objet oggetto onderwerp emne ämne temat asunto assunto тема 主题 主旨"
    " 主題 标题"
    " 標題 件名 제목 předmět konu aihe tárgy sujet נושא",
    "other": "cc kopie copie copia kopia копия 抄送 抄送人 副本 参照 참조 reply-to antwort?an risposta"
    " répondre?à"
    " svar?till bcc importance priority 重要性 attachments anlagen 附件 organization wichtigkeit 回复地址",
}
_LABEL_OF = {label.replace("?", " "): kind for kind, labels in _LABELS.items() for label in labels.split()}
_LABEL_LINE = re.compile(r"[\s*_\u200e>]{0,12}([^\s:：*][^:：\n]{0,24}?)\s*\*?\s*[:：]\*?(?=\s|\S)")


def label_of(line: str) -> str:
    """Which field of a copied header a line begins, in any language: from, date, to, subject, other or ''."""
    match = _LABEL_LINE.match(line)
    if match is None:
        return ""
    return _LABEL_OF.get(" ".join(match[1].replace("*", "").split()).casefold(), "")


_QUOTED = re.compile(r"\s{0,3}(?:>(?!\S*<)|＞|\|(?:\s|\Z)|[A-Z][A-Za-z]{0,9}>(?:\s|\Z))")


def is_quoted(line: str) -> bool:
    """True for a line that a mailer marked as quoted: `> text`, `| text`, `Name> text`."""
    return (">" in line or "|" in line or "＞" in line) and _QUOTED.match(line) is not None


_DEVICES = (
    r"i ?phone|i ?pad|i ?pod|android|galaxy|samsung|blackberry|windows phone|windows mail|mobile|phone"
    r"|cell|smartphone|handy|mobilgerät|tablet"
    r"|outlook|yahoo|mailbox|airmail|mail|nexus|pixel|htc|huawei|xiaomi|oppo|vivo|nokia|lumia|verizon|bb\d+"
)
_MOBILE_SIGNATURE = re.compile(
    rf"[\s*_>(<\[]*(?:"
    rf"sent (?:from|via|with|by|using)(?: my)? (?:[\w+-]+ ){{0,4}}?(?:{_DEVICES})\b.*"
    r"|sent (?:from|via|with)(?: my)? \[?[\w.+-]+\]?(?: [\w.+-]+){0,4}(?: <https?://\S+>)?"
    r"|sent from \[[^\]]{1,40}\]\(\S+\).{0,40}"
    r"|get \[?outlook for .{2,60}|(?:\w+ )?from (?:my )?(?:mobile|i ?phone|i ?pad)(?: \d+)?"
    r"|(?:this (?:email|message) was )?sent from (?:a|my) (?:phone|mobile)"
    rf"|envoyé (?:depuis|de) (?:mon|ma|mes)? ?.{{2,40}}|(?:diese nachricht wurde )?(?:von|mit) (?:meinem"
    rf"|der) .{{2,60}}(?:gesendet|geschickt)\.?|gesendet (?:von|mit) (?:meinem|der)? ?.{{2,40}}"
    r"|verzonden (?:met|vanaf|via) .{2,40}|sendt fra (?:min )?.{2,30}|skickat från (?:min )?.{2,30}"
    r"|enviado (?:desde|do|de) (?:mi|meu) .{2,30}|inviato da(?:l mio)? .{2,30}|wysłane? z .{2,30}"
    r"|отправлено (?:с|из) .{2,40}"
    r"|从我的 ?.{2,20}(?:发送|傳送)|從我的 ?.{2,20}(?:發送|傳送|寄出)?|发自我的 ?.{2,20}"
    r"|发自 ?.{2,20}(?:邮箱|邮件|手机).{0,10}"
    r"|来自 ?.{2,20}(?:邮箱|手机)|iphoneから送信|\S{1,12}から送信|나의 .{2,12}에서 보냄"
    r")[)>\]]*\s*\Z",
    re.IGNORECASE,
)


def is_mobile_signature(line: str) -> bool:
    """True for the line that telephones and mail programs put below, such as `Sent from my iPhone`."""
    return len(line) < 160 and _MOBILE_SIGNATURE.match(line) is not None


SIGNATURE_DELIMITER = re.compile(r"\s{0,3}(?:--|—|――)\s*\Z")
FOOTER_DELIMITER = re.compile(r"\s{0,3}_{5,}\s*\Z")
RULE = re.compile(r"\s*[-=_*~—–]{3,}\s*\Z")
DASHED_NAME = re.compile(r"\s{0,3}[-–/][^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,2}\s*\Z")
# Fixed closings after which only a name follows. English ones are too near to plain words ("Thanks, ...").
CLOSING = re.compile(
    r"\s{0,3}(?:med (?:venlig|vennlig|vänlig)\w* hils\w+|med (?:de )?bedste hilsner"
    r"|(?:med )?vänliga? hälsning\w*|(?:de )?(?:bedste|mange|kærlig|venlig) hils\w+|hilsen|hälsningar"
    r"|[mv]vh|mvh|kh|vh"
    r"|mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|freundliche"
    r"|herzliche) gr(?:ü|ue)(?:ß|ss)e|mfg|met (?:vriendelijke|hartelijke) groet\w*|groet(?:en|jes)?"
    r"|(?:z )?pozdraw\w+|z powa[zż]aniem|s pozdravem"
    r"|(?:bien )?cordialement|bien à vous|salutations(?: distinguées)?|meilleures salutations"
    r"|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|cordiali saluti|distinti saluti"
    r"|atenciosamente|cumprimentos|с уважением"
    r"|此致|顺祝商祺|顺颂商祺|順頌商祺|祝商祺|祝好|敬祝.{0,8})[\s,.!，。！]*\Z",
    re.IGNORECASE,
)

"""Why a delivery failed, in one word, from what the server said and when it said it.

The words are the usual ones of bounce analysis (userunknown, mailboxfull, spamdetected ...). The
text decides first, since codes are used loosely; then the enhanced code (RFC 3463 §3), then the
command that was answered and the reply code (RFC 5321 §4.2).
"""

import re

# (word, what servers say), tried in order: the more telling before the more general.
_SAID = (
    (
        "hasmoved",
        (
            r"has (?:been )?(?:moved|replaced)|mailbox (?:has )?moved|changed (?:his|her|their"
            r"|its) (?:e-?mail )?address|address has changed|no longer (?:at|with) this|please (?:try"
            r"|use) (?:instead|the new)"
        ),
    ),
    (
        "notcompliantrfc",
        (
            r"duplicate header|multiple .{0,40}(?:from|headers?)|rfc ?-?[25]\d{2,3}|malformed (?:header"
            r"|message)|bare (?:lf|cr|newline)|missing (?:header|from|date|message-id)|non[- ]?compliant"
            r"|not rfc"
        ),
    ),
    (
        "failedstarttls",
        (
            r"starttls is required|tls (?:is )?required|must issue a starttls|tls (?:negotiation"
            r"|handshake) failed|tls certificate|not support tls|a required tls|starttls command"
        ),
    ),
    (
        "rejected",
        (
            r"sender(?:'s)? (?:address|domain|e-?mail)?.{0,20}(?:rejected|denied|verif|blocked|unknown"
            r"|invalid|does not exist|not found|not allowed|unrout|bounce)|domain of sender"
            r"|unrout\w+ sender|(?:invalid|bad|unknown|forged|rejected|unverified) sender|sender rejected"
            r"|mail from\b.{0,60}(?:reject|denied|refus|not (?:allow|accept|permit))|null sender"
            r"|address of the sender|backscatter|empty envelope|not a member of this"
            r"|e-?mail address is not verified|sending to/from an address|from: domain is|valid from\b"
        ),
    ),
    (
        "authfailure",
        (
            r"\bdmarc\b|\bspf\b|\bdkim\b|sender policy framework|unauthenticated|sender id (?:hard)?fail"
            r"|authentication (?:checks|information|results?)"
        ),
    ),
    (
        "requireptr",
        (
            r"reverse[ -]?dns|\bptr\b|cannot (?:find|resolve) your|no reverse"
            r"|client host rejected: cannot find|fix reverse|(?:hostname|name) does not resolve|\brdns\b"
            r"|ip name lookup|reverse (?:lookup|mapping|name)|host ?name (?:is )?not found for"
            r"|unable to verify .{0,20}host|unverif\w+ sending"
        ),
    ),
    (
        "badreputation",
        r"reputation|senderbase|low sender score|unexpected volume|user complaints",
    ),
    (
        "ratelimited",
        (
            r"rate ?limit|rate .{0,20}exceeded|too many (?:messages|emails|mails|recipients|connections?"
            r"|requests|concurrent|invalid)|(?:sending|daily|hourly) (?:limit|quota)|throttl"
            r"|exceeded .{0,30}(?:sending|message rate|connection)|max(?:imum)? (?:defers|connections)"
            r"|receiving mail (?:at a rate|too quickly)|connection limit"
        ),
    ),
    (
        "virusdetected",
        r"virus|malware|infected|trojan",
    ),
    (
        "spamdetected",
        (
            r"\bspam\b|spammy|unsolicited|\bjunk\b|\bube\b|\buce\b|bulk e?-?mail|spamassassin"
            r"|spam(?:ming)? (?:score|content|message)|content (?:filter|blocked)|blacklisted url|uribl"
            r"|surbl|identified as|message looks"
        ),
    ),
    (
        "policyviolation",
        (
            r"(?:executable|attachment|file|content).{0,60}(?:block|not (?:allow|accept)|reject|potential"
            r"|prohibit)|security (?:issue|polic|reasons)|policy (?:reasons?|violation|restriction"
            r"|rejection)|(?:for|due to|by) .{0,30}polic|violat|polic(?:y|ies)|protocol violation"
            r"|header error"
        ),
    ),
    (
        "mailboxfull",
        (
            r"(?:mail ?box|inbox|mail ?dir|account|user|recipient|mail ?folder|quota).{0,40}(?:full\b"
            r"|over ?quota|over its|exceed\w*|out of (?:space|quota))|over ?(?:the |its )?(?:disk "
            r"|storage )?quota|quota (?:exceeded|violation|full)|exceed\w* (?:\w+ ){0,3}(?:quota|storage"
            r"|mailbox)|not enough (?:disk |storage )?space (?:in|for|to)|storage (?:limit|quota)"
            r"|full mailbox|too much mail data|mailbox size|number of messages in recipient|容量|已满"
            r"|満杯|空间不足"
        ),
    ),
    (
        "mesgtoobig",
        (
            r"(?:message|mail|e-?mail|size|data|line).{0,40}(?:(?<!for )too (?:large|big|long)"
            r"|exceeds? .{0,40}(?:size|limit|maximum|length)|limit exceeded)|message size"
            r"|max(?:imum)? (?:message )?size|size limit|larger than|exceeds? (?:the )?(?:fixed )?max"
        ),
    ),
    (
        "blocked",
        (
            r"black ?list|block ?list|deny ?list|\bdnsbl\b|\brbl\b|\bxbl\b|\bsbl\b|spamhaus|spamcop|sorbs"
            r"|barracudacentral|(?:ip|host|address|client|server|domain|network)\b.{0,40}(?:is |has been "
            r"|was |are )?(?:blocked|banned|blacklisted|listed)\b|blocked (?:using|by|for|because|address"
            r"|due)|connections? (?:not accepted|rejected|blocked)|not accepting (?:connections|mail from)"
            r"|your (?:ip|host|server|network)\b|bad (?:helo|ehlo)|(?:helo|ehlo) (?:command )?reject"
            r"|dynamic ip|open relay|go away|ip (?:name|address) (?:rejected|is not)"
            r"|access denied.{0,20}ip|client host|no access from|\(bl\)|block for abuse|too many spam"
            r"|suspicious|mail from .{0,30} not accepted"
        ),
    ),
    (
        "norelaying",
        (
            r"relay(?:ing)?(?: access)? (?:is )?(?:denied|not permitted|not allowed|prohibited|blocked)"
            r"|(?:unable|not (?:permitted|allowed|configured)) to .{0,20}relay|relaying|relay not"
            r"|insecure mail relay|no relay|rcpthosts|not our customer|mail relay"
        ),
    ),
    (
        "suspend",
        (
            r"(?:account|mailbox|user|recipient|inbox)\b.{0,60}(?:disabled|suspend|inactive|deactivat"
            r"|locked|frozen|expired|discontinued|closed|terminated|not active)|(?:disabled|inactive"
            r"|suspended|frozen|locked|invalid/inactive|deactivated) (?:account|mailbox|user|recipient"
            r"|address)|temporarily (?:suspend|disabled|locked)|is currently suspended|extended inactivity"
            r"|hopelessly (?:full|inactive)"
        ),
    ),
    (
        "networkerror",
        (
            r"name server (?:reply|time ?out)|unexpected name server|name service error.{0,80}try again"
            r"|host name lookup failure|too many hops|hop count|mail (?:forwarding )?loop|loops? back"
            r"|routing loop|network (?:error|unreachable|is)|dns (?:server )?(?:time ?out|temporar)"
            r"|no route to host|route to"
        ),
    ),
    (
        "hostunknown",
        (
            r"(?:[\w-]+\.)+[a-z]{2,} (?:does not exist|not found)|(?:host|domain|server"
            r"|site)s?\b(?: name)?[^.\n]{0,40}(?:not found|unknown|does(?:n't| not) exist"
            r"|could not be (?:found|resolved)|non-?existent|unrout\w+|unresolvable|cannot be resolved"
            r"|not exist)|unknown (?:host|domain|mail host)|unrout\w+ (?:mail )?(?:domain|address)"
            r"|no such (?:domain|host)|name service error|nxdomain|bad destination|couldn'?t find any host"
            r"|invalid domain|no address associated|lookup (?:of .{0,60})?(?:failed|failure|no|error)"
            r"|dns error|mail domain mentioned|may not exist|illegal host|no mx|no longer accepts"
        ),
    ),
    (
        "notaccept",
        (
            r"does not accept (?:mail|e-?mail|any|incoming)|not accept(?:ing)? (?:mail|e-?mail|network"
            r"|messages)|null ?mx|host/domain does not|smtp protocol (?:is )?not|domain does not accept"
            r"|no mail (?:service|accepted)|returned 556"
        ),
    ),
    (
        "expired",
        (
            r"expired|too old|timed? ?out (?:while|in|too)|retry (?:time|timeout)|delivery time"
            r"|not (?:been |yet been )?deliver\w* (?:for|within|after|in)|gave up|giving up|(?:in"
            r"|on) the (?:mail )?queue (?:too|for|longer)|undelivered|unable to deliver .{0,60}(?:days"
            r"|hours)|failed \d+ attempts|all hosts have been failing|cannot send message (?:for|within)"
            r"|accept our requests to connect|socket error|message timed out|connection timed out"
            r"|connected to .{0,80} sender was (?:deferred|rejected)|would be retried|retries"
        ),
    ),
    (
        "mailererror",
        r"command (?:died|output|failed)|procmail|\bpipe to\b|\bexit \d",
    ),
    (
        "userunknown",
        (
            r"(?:user|recipient|mailbox|account|address|person|name|username|customer|addressee|alias"
            r"|local part|rcpt|member|userid|drop|subscriber|student|employee)s?\b(?: \S+){0,6}? ?(?:is "
            r"|was |does |are |do |has |could |can |were )?(?:not (?:be )?(?:found|known|exist|listed"
            r"|local|here|have|recogni|registered|match|on file|a valid|our|on this|in\b)|unknown"
            r"|(?:doesn't|don't|didn't|cannot|can't|isn't) (?:be )?(?:exist|found|have|match|known|listed"
            r"|a\b)|invalid|undeliverable|no longer|nonexist|non-exist|missing|not exist)|(?:unknown"
            r"|invalid|no such|no\b|nonexistent|non-existent|bad|illegal|not a valid|undeliverable"
            r"|unable to find|undefined|incorrect|unrecogni[sz]ed) (?:local |e-?mail |mail |valid "
            r"|destination |rcpt |or invalid |final |virtual |delivery )*(?:user|recipient|mailbox|account"
            r"|address|person|local[ -]part|name|alias|subscriber|customer|addressee|userid|rcpt|id\b"
            r"|matches)|not listed in|there is no (?:one|user|such)|no one by that|couldn'?t be found"
            r"|wasn'?t found|does ?n[o']t (?:exist|have an? \S+ (?:account|mailbox))|not our (?:user"
            r"|customer)|mailbox unavailable|user not|no mailbox|did not (?:exactly )?match|不存在|宛先不明"
            r"|见つかりません|見つかりません|无此用户|找不到|destinataire|keine mailbox|unbekannt"
            r"|n'existe pas|no existe"
            r"|does not like recipient|recipient (?:rejected|unknown)"
            r"|recipient address(?:es)? rejected ?: ?access denied|not known here"
        ),
    ),
    (
        "filtered",
        (
            r"filter(?:ed|ing)?\b|refused by recipient|recipient (?:has )?(?:refus|declin|block)"
            r"|not (?:in )?(?:the )?(?:white|allow) ?list|only accepts|service not enabled|not wanted"
            r"|automatically rejected|because .{0,40}not accepting"
        ),
    ),
    (
        "policyviolation",
        (
            r"not allowed|prohibited|forbidden|you have been blocked|administrat\w+ (?:prohibition|reason)"
            r"|disallow|(?:message|mail|content) (?:was )?(?:blocked|rejected|refused)|content reject"
            r"|rejected by"
        ),
    ),
    (
        "securityerror",
        (
            r"advertise auth|authentication (?:required|failed|failure)|auth(?:entication)? .{0,20}(?:fail"
            r"|require)|smtp auth|log ?in|not authenticated|password|credentials|authoriz|encryption"
            r"|certificate|access denied|not permitted|unauthorized"
        ),
    ),
    (
        "systemfull",
        (
            r"(?:system|server|disk|device).{0,20}(?:full|no space|out of space|insufficient)"
            r"|no space left|insufficient (?:disk|system|storage)"
        ),
    ),
    (
        "mailererror",
        (
            r"command (?:failed|died|output)|exit(?:ed)?(?: status| code| \d)|\bpipe\b"
            r"|returned (?:a )?(?:non-?zero|error)|x-unix|procmail|mailer error|unknown mailer"
            r"|delivery agent|insufficient permission|permission denied"
        ),
    ),
    (
        "networkerror",
        (
            r"network|connection (?:timed|reset|lost|closed|error|broken|died|unexpectedly|dropped"
            r"|refused)|unreachable|host (?:is )?down|(?:could not|couldn'?t|unable to|can'?t"
            r"|cannot) (?:be )?connect|lost connection|read error|dns (?:error|fail)"
        ),
    ),
    (
        "syntaxerror",
        (
            r"syntax|malformed address|incorrectly constructed|command (?:not|unrecogni|unknown|rejected)"
            r"|(?:bad|improper) sequence|unrecogni[sz]ed (?:command|parameter)|not implemented"
            r"|protocol error"
        ),
    ),
    (
        "systemerror",
        (
            r"system error|internal (?:server )?error|local (?:error|configuration|problem)|configuration"
            r"|server error|i/o error|temporar|service (?:currently )?(?:unavailable|not available)"
            r"|transaction failed|could not load|resources?|mail ?system|fatal|delivery report unavailable"
        ),
    ),
    (
        "contenterror",
        (
            r"mime|content.{0,30}(?:error|not supported|invalid|rejected)|conversion|8bit|charset"
            r"|media error"
        ),
    ),
)
_PATTERNS = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in _SAID)

# RFC 3463 §3, by the subject and detail of the code.
_CODES = {
    "userunknown": (
        "1.0",
        "1.1",
        "1.3",
        "1.4",
        "1.9",
    ),
    "hostunknown": (
        "1.2",
        "4.4",
    ),
    "hasmoved": ("1.6",),
    "rejected": (
        "1.7",
        "1.8",
        "7.1",
    ),
    "notaccept": (
        "1.10",
        "3.2",
    ),
    "filtered": (
        "2.0",
        "2.1",
        "2.4",
        "7.2",
    ),
    "mailboxfull": ("2.2",),
    "exceedlimit": ("2.3",),
    "systemerror": (
        "3.0",
        "3.3",
        "3.5",
        "4.3",
    ),
    "systemfull": (
        "3.1",
        "4.5",
    ),
    "mesgtoobig": ("3.4",),
    "expired": (
        "4.1",
        "4.7",
    ),
    "networkerror": (
        "4.2",
        "4.6",
    ),
    "mailererror": ("5.0",),
    "syntaxerror": (
        "5.1",
        "5.2",
        "5.4",
        "5.5",
    ),
    "toomanyconn": ("5.3",),
    "contenterror": (
        "6.0",
        "6.1",
        "6.2",
        "6.3",
        "6.5",
    ),
    "securityerror": (
        "7.0",
        "7.3",
        "7.4",
        "7.5",
        "7.6",
        "7.7",
        "7.8",
        "7.9",
    ),
    "authfailure": (
        "7.20",
        "7.23",
        "7.26",
    ),
    "requireptr": ("7.25",),
}
_BY_STATUS = {code: word for word, codes in _CODES.items() for code in codes}
_BY_REPLY = {
    "550": "userunknown",
    "551": "userunknown",
    "552": "mailboxfull",
    "553": "filtered",
    "421": "expired",
    "450": "mailboxfull",
    "452": "systemfull",
    "554": "rejected",
    "501": "syntaxerror",
    "503": "syntaxerror",
}
_BY_COMMAND = {"connect": "blocked", "mail": "rejected", "data": "rejected"}
# Details so exact that they count more than the words beside them.
_CERTAIN = frozenset({"1.6", "1.8", "2.2", "2.3", "3.4", "3.5", "7.25", "7.26", "7.20", "7.23"})
# Words of servers that speak of a person; once the whole message was sent they mean its content was refused.
_ABOUT_RECIPIENT = frozenset({"userunknown"})
_REPLY = re.compile(r"(?:\A|[\s:;'\"])([45]\d\d)(?=[\s-])")
_NAMES = re.compile(r"<[^<>\s]*>|\S+@\S+|https?://\S+|\[[\d.:]+\]")
_MAX_CHARS = 4_000

_ANSWERED = r"(?:in reply to|after|did not like our|smtp command) (?:the )?"
_COMMANDS = tuple(
    (command, re.compile(pattern, re.IGNORECASE))
    for command, pattern in (
        ("data", rf">>> ?(?:data\b|\.\s|\.$)|{_ANSWERED}(?:end of |final )?data\b|after end of"),
        ("rcpt", rf">>> ?rcpt to|{_ANSWERED}rcpt\b"),
        ("mail", rf">>> ?mail from|{_ANSWERED}mail\b"),
        (
            "connect",
            rf">>> ?(?:helo|ehlo)|initial connection|{_ANSWERED}(?:helo|ehlo|connection)|while connecting",
        ),
    )
)


def command_of(prose: str) -> str:
    """Which step of SMTP was refused by a report's account: connect, mail, rcpt, data, or '' when untold."""
    text = " ".join(prose[:_MAX_CHARS].split())
    return next((command for command, pattern in _COMMANDS if pattern.search(text)), "")


def reason_of(said: str, status: str, action: str, command: str = "") -> str:
    """One word for why, '' when neither text nor code nor command tells."""
    detail = status[2:]
    if detail in _CERTAIN:
        return _BY_STATUS[detail]
    word = _by_words(_NAMES.sub(" ", said[:_MAX_CHARS]))
    if word in _ABOUT_RECIPIENT and command != "rcpt" and not detail.startswith("1.") and _REPLY.search(said):
        return "filtered"
    if word in _ABOUT_RECIPIENT | {"hostunknown"} and command == "mail":
        return "rejected"  # the server speaks of the sender's address
    if word:
        return word
    if action == "delayed":
        return "expired"
    reply = _REPLY.search(said[:_MAX_CHARS])
    return (
        _BY_STATUS.get(detail) or _BY_COMMAND.get(command) or (_BY_REPLY.get(reply[1]) if reply else "") or ""
    )


def _by_words(text: str) -> str:
    return next((word for word, pattern in _PATTERNS if pattern.search(text)), "")

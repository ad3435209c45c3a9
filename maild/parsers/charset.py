"""Text out of bytes whose charset is named rightly, wrongly or not at all.

Labels are read as the superset that senders mean by them (WHATWG Encoding §4.2, RFC 2047 §2);
a label that cannot be true is not believed: valid UTF-8 wins, then what the rest of the message
names, then detection. The result never holds a lone surrogate.
"""

import codecs
import re
from functools import lru_cache

import charset_normalizer

# What a label means in practice: the superset that decodes all that the name promises and more.
_SUPERSETS = {
    "gb18030": "gb2312 gbk x-gbk gb_2312-80 gb2312-80 gb_2312 iso-gb2312 iso-gb-2312 euc-cn euccn"
    " x-euc-cn csgb2312"
    " csiso58gb231280 chinese cp936 ms936 936 windows-936 x-mac-chinesesimp gb18030 gb-18030 gb18030-2000"
    " iso-ir-58 gb23122 gb2312_charset zh-cn simplifiedchinese",
    "big5hkscs": "big5 big-5 big5-hkscs x-x-big5 csbig5 cn-big5 cp950 ms950 950 windows-950 big5-eten x-big5"
    " big5_hkscs chinesebig5 chinesebig5_charset zh-tw",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j cp932 ms932 shiftjis 932",
    "cp949": "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 korean cseuckr cp949 uhc"
    " windows-949 949 iso-ir-149 ks_c-5601-1987",
    "euc_jis_2004": "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese ujis x-euc",
    "iso2022_jp_ext": "iso-2022-jp csiso2022jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms cp50220"
    " cp50221 cp50222 jis",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    "hz": "hz-gb-2312 hz hz-gb",
    "cp1252": "iso-8859-1 iso8859-1 iso_8859-1 iso8859_1 latin1 latin-1 l1 us-ascii ascii ansi_x3.4-1968"
    " ansi_x3.110-1983 iso-ir-100 cp819 ibm819 cp1252 windows-1252 x-cp1252 iso-8859-1-windows-3.1-latin-1"
    " 8859-1 iso-8859 1252 ansi iso646-us us",
    "cp1254": "iso-8859-9 iso8859-9 iso_8859-9 latin5 cp1254 windows-1254",
    "cp874": "tis-620 tis620 iso-8859-11 windows-874 cp874 x-windows-874",
    "cp1255": "iso-8859-8-i iso-8859-8-e csiso88598i logical windows-1255 cp1255",
    "utf-8": "utf-8 utf8 utf_8 unicode-1-1-utf-8 x-unicode20utf8 unicode utf-8n utf-8-bom utf8mb4 x-utf-8",
    "utf-7": "utf-7 utf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7",
    "utf-16": "utf-16 ucs-2 iso-10646-ucs-2 unicodefffe",
    "koi8-r": "koi8-r koi8 koi cskoi8r koi8_r",
    "koi8-u": "koi8-u koi8-ru",
    "cp1251": "windows-1251 cp1251 x-cp1251 win-1251 win1251 cp-1251 ansi-1251",
    "cp1250": "windows-1250 cp1250 x-cp1250 cp-1250",
    "cp866": "cp866 ibm866 866 csibm866 dos-866",
    "mac_roman": "macintosh mac x-mac-roman csmacintosh macroman",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
}
_MEANT = {label: codec for codec, labels in _SUPERSETS.items() for label in labels.split()}

# Labels that say nothing: the name of a default, or of none.
_SAY_NOTHING = frozenset(
    {"", "y", "default", "unknown", "unknown-8bit", "x-unknown", "none", "binary", "_iso", "null"}
)

# Codecs of Python that are no charsets of text, or that make surrogates.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "raw_unicode_escape", "unicode_escape", "mbcs", "oem", "palmos"}
)

_SEVEN_BIT = frozenset({"iso2022_jp_ext", "iso2022_kr", "hz", "utf-7"})
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
_SINGLE_BYTE_LATIN = frozenset({"cp1252"})

_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_REPLACED = "\ufffd".encode()  # written by a program that had lost the text before: its label may still hold
_LOST = "characters lost before it was sent"
_CYRILLIC_LIKE = re.compile(rb"[\xc0-\xff]{3,}")
_HANZI_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xa9\xb0-\xf7][\xa1-\xfe])+")
_DETECT_BYTES = 8_192


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """The codec that a charset label means, or '' when the label says nothing usable."""
    name = label.strip().strip("\"'<>").strip().casefold().split("*")[0]
    name = name.removeprefix("charset=").strip("\"' ")
    if name in _SAY_NOTHING:
        return ""
    if name in _MEANT:
        return _MEANT[name]
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return _nearest(name)
    is_text = getattr(info, "_is_text_encoding", True) and info.name not in _NO_CHARSETS
    return _MEANT.get(info.name, info.name) if is_text else ""


def _nearest(name: str) -> str:
    """The codec of a label with a known one inside it, such as `x-iso-8859-5` or `utf-8; format=flowed`."""
    tokens = (piece for piece in re.split(r"[\s;,/]+", name.removeprefix("x-")) if piece and piece != name)
    return next((codec for codec in map(codec_of, tokens) if codec), "")


def decode(data: bytes, label: str = "", hints: tuple[str, ...] = ()) -> tuple[str, str]:
    """The text of `data` and the defect met on the way ('' when the label holds and nothing is lost).

    `label` is the charset as the sender wrote it; `hints` are labels used elsewhere in the message.
    """
    codec = codec_of(label)
    if data.isascii() and codec not in _SEVEN_BIT and codec not in _WIDE:
        return data.decode("ascii"), ""
    if codec and codec != "utf-8" and _lies(data, codec):
        return data.decode("utf-8"), f"charset {label} is UTF-8"
    text = _strict(data, codec) if codec else None
    if text is not None and not (codec in _SINGLE_BYTE_LATIN and _is_not_latin(data)):
        return text, _LOST if codec == "utf-8" and "\ufffd" in text else ""
    return _guess(data, label, codec, hints)


def _lies(data: bytes, codec: str) -> bool:
    """True when the bytes are UTF-8 beyond chance although another charset is named.

    Two sequences of UTF-8 and not one byte outside of them: in a text of a legacy charset that is
    as good as impossible, while "labelled gb2312, written in UTF-8" is common.
    """
    if codec in _SEVEN_BIT or codec in _WIDE or codec.startswith("utf") or _REPLACED in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    sequences = _UTF8_SEQUENCE.findall(data, 0, _DETECT_BYTES)
    return sum(len(sequence) for sequence in sequences) >= (4 if codec in _SINGLE_BYTE_LATIN else 6)


def _is_not_latin(data: bytes) -> bool:
    """True when long runs of high bytes make up most words: Cyrillic or the like, labelled Latin 1."""
    letters = sum(byte > 0xBF for byte in data[:_DETECT_BYTES])
    in_runs = sum(len(run) for run in _CYRILLIC_LIKE.findall(data, 0, _DETECT_BYTES))
    return letters >= 8 and in_runs > 0.7 * letters


def _strict(data: bytes, codec: str) -> str | None:
    try:
        if codec == "cp1252":
            return _windows_1252(data)
        if codec == "iso2022_jp_ext":
            return _iso_2022_jp(data)
        text = data.decode(codec)
    except (LookupError, ValueError):
        return None
    return None if _has_surrogate(text) else text


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _windows_1252(data: bytes) -> str:
    """Windows-1252 where the five holes are C1 controls (WHATWG Encoding §9): it never fails."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("cp1252", "maild.c1")


def _c1_control(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(map(chr, error.object[error.start : error.end])), error.end


codecs.register_error("maild.c1", _c1_control)

_JIS_ESCAPE = re.compile(rb"(\x1b(?:\$[@B]|\$\([@A-P]|\([A-Z]))")


def _iso_2022_jp(data: bytes) -> str | None:
    """ISO-2022-JP with the rows that vendors add (NEC row 13, IBM), by way of Shift_JIS where needed."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pieces = _JIS_ESCAPE.split(data)
    text, kanji = [], False
    for piece in pieces:
        if piece.startswith(b"\x1b"):
            kanji = piece.startswith(b"\x1b$")
        else:
            text.append(_jis_run(piece) if kanji else piece.decode("cp932", "replace"))
    return "".join(text)


def _jis_run(data: bytes) -> str:
    """Pairs of JIS X 0208 rows and cells as cp932 has them, which knows the vendors' rows."""
    shifted = bytearray()
    for high, low in zip(data[::2], data[1::2], strict=False):
        if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):
            shifted += b"??"
            continue
        shifted.append(((high - 0x21) >> 1) + (0x81 if high < 0x5F else 0xC1))
        shifted.append(low + (0x7E if high % 2 == 0 else 0x1F + (low >= 0x60)))
    return shifted.decode("cp932", "replace")


def _guess(data: bytes, label: str, codec: str, hints: tuple[str, ...]) -> tuple[str, str]:
    named = f"charset {label} does not fit" if codec else f"charset {label or 'not named'}"
    for candidate in ("utf-8", *map(codec_of, hints)):
        text = _strict(data, candidate) if candidate and candidate != codec else None
        if text is not None:
            return text, f"{named}, read as {candidate}"
    if codec and codec not in _SINGLE_BYTE_LATIN:
        mostly = _mostly(data, codec)
        if mostly:
            return mostly, f"{named}, single bytes lost"
    return _detect(data, named)


def _mostly(data: bytes, codec: str) -> str:
    """The text by its own label when only single bytes of it are broken, else ''."""
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    return text if bad * 10 <= len(text) and not _has_surrogate(text) else ""


def _detect(data: bytes, named: str) -> tuple[str, str]:
    mostly = _mostly(data, "utf-8")
    if mostly and len(_UTF8_SEQUENCE.findall(data, 0, _DETECT_BYTES)) >= 4:
        return mostly, f"{named}, read as utf-8, single bytes lost"
    chinese = _strict(data, "gb18030") if _HANZI_PAIRS.fullmatch(data, 0, _DETECT_BYTES) else None
    if chinese is not None:
        return chinese, f"{named}, read as gb18030"
    best = charset_normalizer.from_bytes(data[:_DETECT_BYTES]).best()
    codec = _MEANT.get(best.encoding.replace("_", "-"), best.encoding) if best else "cp1252"
    text, western = _strict(data, codec), _windows_1252(data)
    if text is None or text == western:
        codec, text = "cp1252", western
    return text, f"{named}, read as {codec}"

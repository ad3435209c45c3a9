"""Small Word files for the tests of the parsers, built part by part as Word and others write them."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def relationships(target: str = "word/document.xml") -> str:
    """The part that names the main part."""
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId0" Type="thumbnail" Target="docProps/thumbnail.jpeg"/>'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="{target}"/></Relationships>'
    )


def archive(parts: dict[str, str | bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    content = BytesIO()
    with ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(ZipInfo(name), part, compress_type=compression)
    return content.getvalue()


def docx(*body: str, namespace: str = WORD, target: str = "word/document.xml", head: str = "") -> bytes:
    """A Word file whose body is this XML."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{namespace}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{''.join(body)}</w:body></w:document>"
    )
    return archive({"_rels/.rels": relationships(target), target.lstrip("/"): document})


def run(text: str) -> str:
    """A run, its lines parted by breaks."""
    return (
        "<w:r><w:rPr><w:b/></w:rPr>"
        + "<w:br/>".join(f"<w:t>{line}</w:t>" for line in text.split("\n"))
        + "</w:r>"
    )


def paragraph(*texts: str) -> str:
    """A paragraph of runs; what is XML already stays."""
    return f"<w:p><w:pPr/>{''.join(text if text.startswith('<') else run(text) for text in texts)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell that is XML already stays."""
    cells = ["".join(f"<w:tc><w:tcPr/>{_cell(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def _cell(cell: str) -> str:
    return cell if cell.startswith(("<w:p", "<w:tbl", "<w:sdt")) else paragraph(cell)


def control(title: str, inside: str, *, asking: bool = False, tag: str = "") -> str:
    """A content control around that XML."""
    properties = f'<w:alias w:val="{title}"/><w:tag w:val="{tag}"/>' + (
        "<w:showingPlcHdr/>" if asking else ""
    )
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

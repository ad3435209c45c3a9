"""From templates to mail: filled in, as plain text and HTML, put together as RFC 5322 and MIME want it."""
